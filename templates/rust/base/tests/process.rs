//! The built program as its supervisor sees it: variables in, lines and an exit code out.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

#[path = "../src/database/testing.rs"]
mod database;

use database::Temporary;

/// How long a test waits for anything; a busy machine takes some seconds.
const PATIENCE: Duration = Duration::from_mins(1);

struct Process {
    child: Child,
    lines: Receiver<String>,
}

impl Process {
    fn start(settings: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_depot-service"))
            .env_clear()
            .env("PORT", "0")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        // A pipe is read without a time limit, and a channel with one.
        thread::spawn(move || {
            let mut read = stdout.lines().map_while(Result::ok);
            read.try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    fn line(&self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// A busy machine can make a library complain in between.
    fn line_of(&self, message: &str) -> Value {
        loop {
            let line = self.line();
            if line["msg"] == message {
                return line;
            }
        }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    fn exit_code(&mut self) -> Option<i32> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(since.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_signal_ends_it_in_order() {
    let database = Temporary::new();
    let url = database.url();
    let mut process = Process::start(&[("DATABASE_URL", &url), ("LOG_LEVEL", "error")]);
    let listening = process.line_of("listening");
    let address = listening["addr"].as_str().unwrap();
    assert!(get(address, "/readyz").starts_with("HTTP/1.1 200"));
    process.signal("TERM");
    assert_eq!(process.exit_code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let database = Temporary::new();
    let url = database.url();
    let mut process = Process::start(&[("DATABASE_URL", &url), ("SHUTDOWN_DELAY_MS", "5000")]);
    process.line_of("listening");
    process.signal("INT");
    process.line_of("shutting down");
    process.signal("TERM");
    assert_eq!(process.exit_code(), Some(143));
}

#[test]
fn wrong_settings_are_told_in_one_line() {
    let mut process = Process::start(&[("PORT", "none"), ("LOG_LEVEL", "loud")]);
    let line = process.line();
    assert_eq!(line["level"], "error");
    let faults = line["errors"].as_str().unwrap();
    assert!(faults.contains("PORT") && faults.contains("LOG_LEVEL"));
    assert_eq!(process.exit_code(), Some(1));
}

#[test]
fn an_address_in_use_is_told_with_its_variables() {
    let database = Temporary::new();
    let url = database.url();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    let mut process = Process::start(&[("DATABASE_URL", &url), ("PORT", &port)]);
    let line = process.line();
    assert_eq!(line["level"], "error");
    let error = line["error"].as_str().unwrap();
    assert!(error.starts_with(&format!("{address} (HOST, PORT): ")));
    assert_eq!(process.exit_code(), Some(1));
}

#[test]
fn instances_that_start_together_share_a_database() {
    let database = Temporary::new();
    let url = database.url();
    let instances = [(); 4].map(|()| Process::start(&[("DATABASE_URL", &url)]));
    for instance in &instances {
        instance.line_of("listening");
    }
}
