use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    billing::service::run().await
}
