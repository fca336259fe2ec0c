//! The way to stdout, on a thread of its own: a reader that is slow, or stands still, holds up no request.

use std::{
    io::Write,
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How many bytes wait for the reader; further lines are dropped and counted.
const CAPACITY: usize = 1024 * 1024;

/// Between two writes, so that lines under load go together: to wake the thread for each costs as much as its request.
const PAUSE: Duration = Duration::from_millis(5);

#[derive(Clone, Default)]
pub struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    dropped: usize,
    writing: bool,
}

impl Lines {
    /// `missing` makes the line that tells how many were dropped before it.
    pub fn to(out: impl Write + Send + 'static, missing: fn(usize) -> Vec<u8>) -> Self {
        let lines = Self::default();
        let thread = lines.clone();
        thread::spawn(move || thread.write(out, missing));
        lines
    }

    /// A line is whole and ends with its newline.
    pub fn push(&self, line: &[u8]) {
        let mut state = self.state();
        if state.waiting.len() + line.len() > CAPACITY {
            state.dropped += 1;
            return;
        }
        state.waiting.extend_from_slice(line);
        if !state.writing {
            self.0.changed.notify_all();
        }
    }

    /// Waits until all is written, or for the limit.
    pub fn flush(&self, limit: Duration) {
        let changed = &self.0.changed;
        let remains = |state: &mut State| state.writing || !state.waiting.is_empty();
        let _ = changed.wait_timeout_while(self.state(), limit, remains);
    }

    fn write(&self, mut out: impl Write, missing: fn(usize) -> Vec<u8>) {
        let mut batch = Vec::new();
        loop {
            let mut state = self.state();
            state.writing = false;
            self.0.changed.notify_all();
            while state.waiting.is_empty() {
                let waited = self.0.changed.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
            state.writing = true;
            mem::swap(&mut batch, &mut state.waiting);
            let dropped = mem::take(&mut state.dropped);
            drop(state);

            if dropped > 0 {
                batch.extend(missing(dropped));
            }
            // Nobody is left to be told when stdout is closed.
            let _ = out.write_all(&batch);
            batch.clear();
            thread::sleep(PAUSE);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufRead, BufReader, Read};

    use super::*;

    #[test]
    fn what_nobody_reads_is_dropped_and_counted() {
        let (reader, writer) = io::pipe().unwrap();
        let lines = Lines::to(writer, |dropped| format!("{dropped}\n").into_bytes());
        let line = [&[b'x'; 99][..], b"\n"].concat();
        let sent = 3 * CAPACITY / line.len();
        for _ in 0..sent {
            lines.push(&line);
        }
        lines.flush(Duration::ZERO);

        let read = BufReader::new(reader).lines().map(Result::unwrap);
        let (missing, read) = read
            .enumerate()
            .find_map(|(read, line)| Some((line.parse::<usize>().ok()?, read)))
            .unwrap();
        assert_eq!(read + missing, sent);
    }

    #[test]
    fn a_flush_waits_for_what_was_pushed() {
        let (mut reader, writer) = io::pipe().unwrap();
        let lines = Lines::to(writer, |_| Vec::new());
        lines.push(b"one\n");
        lines.push(b"two\n");
        lines.flush(Duration::from_secs(10));
        let mut read = [0; 8];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"one\ntwo\n");
    }
}
