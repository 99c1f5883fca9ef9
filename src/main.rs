//! The one binary: reads the command line and hands over to `kitaplatz::app`.

use clap::{CommandFactory, Parser};

fn main() -> std::process::ExitCode {
    let command = kitaplatz::cli::Cli::command();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    if let Err(error) = kitaplatz::platform::config::refuse_unknown(&command, names) {
        eprintln!("kitaplatz: {error}");
        return std::process::ExitCode::from(2);
    }
    let cli = kitaplatz::cli::Cli::parse();
    match actix_web::rt::System::new().block_on(kitaplatz::cli::run(cli)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kitaplatz: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
