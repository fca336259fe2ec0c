use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    depot_service::service::run().await
}
