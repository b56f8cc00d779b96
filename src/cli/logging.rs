//! The log: `scan.log` in the run's folder, once the folder exists.

use std::fs::File;
use std::io::{self, Write};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{ArgAction, Args, ValueEnum};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::util::own_keys;
use crate::util::terminal_text::printable_line;

/// The maximum size of the log in memory, before there is a file.
const LARGEST_BUFFER: usize = 1024 * 1024;

/// The options of the log.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Logging")]
pub(super) struct LogArguments {
    /// Log level: error, warn, info, debug or trace
    #[arg(short, long, alias = "log_level", value_name = "LEVEL", default_value = "info")]
    log_level: LogLevel,

    /// Log more: -v for debug, -vv for trace
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "log_level", hide_short_help = true)]
    verbose: u8,

    /// Format of the log's lines: text, or a JSON object each
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text, hide_short_help = true)]
    log_format: LogFormat,
}

/// The formats of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Human-readable text
    Text,
    /// One JSON object per line
    Json,
}

/// The level of the log. Python's names are accepted as well, in upper or lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LogLevel(LevelFilter);

impl Default for LogLevel {
    fn default() -> Self {
        Self(LevelFilter::INFO)
    }
}

impl LogArguments {
    fn level(self) -> LevelFilter {
        match self.verbose {
            0 => self.log_level.0,
            1 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        }
    }
}

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(match text.to_ascii_lowercase().as_str() {
            "off" => LevelFilter::OFF,
            "critical" | "fatal" | "error" => LevelFilter::ERROR,
            "warning" | "warn" => LevelFilter::WARN,
            "info" => LevelFilter::INFO,
            "debug" => LevelFilter::DEBUG,
            "trace" | "notset" => LevelFilter::TRACE,
            _ => return Err("choose one of error, warn, info, debug, trace (or Python's names)".to_owned()),
        }))
    }
}

/// The log's destination: memory first, a file later.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<LogTarget>>);

enum LogTarget {
    Memory(Vec<u8>),
    File(File),
}

impl Default for LogTarget {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl Log {
    /// Starts the log.
    ///
    /// The SDK's own crates log warnings only, whatever the level: at finer levels they print
    /// signed requests, session tokens included.
    pub(super) fn start(arguments: LogArguments) -> Self {
        let (log, level) = (Self::default(), arguments.level());
        let targets = Targets::new().with_target("scan", level).with_default(level.min(LevelFilter::WARN));
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(log.clone());
        let registry = tracing_subscriber::registry().with(targets);
        // A second start, in tests, keeps the first.
        let _ = match arguments.log_format {
            LogFormat::Text => registry.with(layer).try_init(),
            LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
        };
        log
    }

    /// Moves the log into a file.
    pub(super) fn write_to(&self, mut file: File) -> io::Result<()> {
        let mut destination = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let LogTarget::Memory(buffer) = &*destination {
            file.write_all(buffer)?;
        }
        *destination = LogTarget::File(file);
        Ok(())
    }
}

impl Write for Log {
    /// Writes one event, which ends with a line break. Text from AWS or a user cannot look like another event,
    /// and cannot control the terminal that shows the log.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len();
        let event = String::from_utf8_lossy(bytes);
        let event = own_keys::masked(&event);
        let line = printable_line(event.strip_suffix('\n').unwrap_or(&event));
        let bytes = [line.as_bytes(), b"\n"].concat();
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            // A failed write to the log does not end the run; results and ledger report their own errors.
            LogTarget::File(file) => drop(file.write_all(&bytes)),
            LogTarget::Memory(buffer) if buffer.len() < LARGEST_BUFFER => buffer.extend_from_slice(&bytes),
            LogTarget::Memory(_) => {}
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'writer> MakeWriter<'writer> for Log {
    type Writer = Self;

    fn make_writer(&'writer self) -> Self::Writer {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use clap::Parser as _;
    use tracing_subscriber::filter::LevelFilter;

    use super::{Log, LogLevel, LogTarget};
    use crate::cli::Cli;

    #[test]
    fn each_v_raises_the_level() {
        let level = |line: &str| {
            let cli = Cli::try_parse_from(line.split(' ')).map_err(|error| error.kind())?;
            Ok(cli.scan.run.log.level())
        };
        assert_eq!(level("scan -s s3"), Ok(LevelFilter::INFO));
        assert_eq!(level("scan -s s3 -v"), Ok(LevelFilter::DEBUG));
        assert_eq!(level("scan -s s3 -vv"), Ok(LevelFilter::TRACE));
        assert_eq!(level("scan -s s3 -l warn"), Ok(LevelFilter::WARN));
        assert_eq!(level("scan -v -l warn"), Err(clap::error::ErrorKind::ArgumentConflict));
    }

    #[test]
    fn an_event_is_a_line_and_no_command() {
        let mut log = Log::default();
        let event = "WARN name=\"\u{1b}[2J\nERROR forged\"\n";
        assert_eq!(log.write(event.as_bytes()).expect("takes an event"), event.len());
        let LogTarget::Memory(buffer) = &*log.0.lock().expect("no test panicked here") else {
            panic!("there is no file yet")
        };
        let text = String::from_utf8(buffer.clone()).expect("text");
        assert_eq!(text, "WARN name=\"\\u001b[2J\\u000aERROR forged\"\n");
    }

    #[test]
    fn pythons_names_are_understood() {
        assert_eq!("WARNING".parse::<LogLevel>(), "warn".parse::<LogLevel>());
        assert_eq!("CRITICAL".parse::<LogLevel>(), "error".parse::<LogLevel>());
        assert!("loud".parse::<LogLevel>().is_err());
    }
}
