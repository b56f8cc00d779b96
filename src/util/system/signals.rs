//! The signals that stop a run, and those that are ignored.

pub(crate) use system::{StopSignals, ignore_file_size_limit, ignore_stop_signals};

#[cfg(unix)]
mod system {
    pub(crate) use UnixSignals as StopSignals;

    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    /// SIGHUP counts as well: a closed terminal sends it, and an ended SSH session.
    const STOPPING: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

    /// Receives the signals that stop a run: SIGINT, SIGTERM and SIGHUP.
    pub(crate) struct UnixSignals(Signals);

    impl UnixSignals {
        /// Starts to receive signals, instead of their default actions.
        pub(crate) fn new() -> io::Result<Self> {
            Signals::new(STOPPING).map(Self)
        }

        /// Blocks this thread until the next signal. Returns whether there was one.
        pub(crate) fn wait(&mut self) -> bool {
            self.0.forever().next().is_some()
        }
    }

    /// Ignores the signals that stop a run.
    pub(crate) fn ignore_stop_signals() {
        for signal in STOPPING {
            let _ = flag::register(signal, Arc::default());
        }
    }

    /// Ignores the signal of a limit on file sizes (`ulimit -f`), so that the write returns an error, as on a full
    /// disk: the signal would end the process without a message.
    pub(crate) fn ignore_file_size_limit() {
        // Where the signal cannot be handled, it keeps its default action.
        let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }
}

#[cfg(windows)]
mod system {
    pub(crate) use ConsoleEvents as StopSignals;

    use std::io;

    use tokio::runtime::{Builder, Runtime};
    use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, CtrlShutdown};
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

    /// Receives the events that stop a run: Ctrl-C, Ctrl-Break, a closed console and the system's shutdown.
    ///
    /// After the last two, Windows ends the process within seconds.
    pub(crate) struct ConsoleEvents {
        runtime: Runtime,
        interrupt: CtrlC,
        stop: CtrlBreak,
        close: CtrlClose,
        shutdown: CtrlShutdown,
    }

    impl ConsoleEvents {
        /// Starts to receive events, instead of their default actions.
        pub(crate) fn new() -> io::Result<Self> {
            Ok(Self {
                runtime: Builder::new_current_thread().build()?,
                interrupt: ctrl_c()?,
                stop: ctrl_break()?,
                close: ctrl_close()?,
                shutdown: ctrl_shutdown()?,
            })
        }

        /// Blocks this thread until the next event. Returns whether there was one.
        pub(crate) fn wait(&mut self) -> bool {
            let Self { runtime, interrupt, stop, close, shutdown } = self;
            let next = runtime.block_on(async {
                tokio::select! {
                    event = interrupt.recv() => event,
                    event = stop.recv() => event,
                    event = close.recv() => event,
                    event = shutdown.recv() => event,
                }
            });
            next.is_some()
        }
    }

    /// Ignores the events that stop a run. As long as a thread receives them, they have no default action.
    pub(crate) fn ignore_stop_signals() {
        if let Ok(mut signals) = ConsoleEvents::new() {
            let _ = std::thread::Builder::new().spawn(move || while signals.wait() {});
        }
    }

    /// Windows has no such signal.
    pub(crate) fn ignore_file_size_limit() {}
}
