//! Ctrl-C and other signals that ask the process to end.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

use crate::support::failure::Failure;

/// Ignores these signals until the process ends, while files are replaced.
pub(crate) fn ignore() -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::External(format!("cannot write: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(failed)?;
    let _entered = runtime.enter();
    // The handler stays registered after the value is dropped.
    Interrupts::new().map(drop).map_err(failed)
}

/// Receives these signals. From its creation on they no longer end the process, so that no file is left
/// incomplete.
#[derive(Debug)]
pub(crate) struct Interrupts {
    #[cfg(unix)]
    signals: [Signal; 3],
    #[cfg(windows)]
    signals: (CtrlC, CtrlBreak),
}

impl Interrupts {
    /// Must be called in a tokio runtime.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Interrupts {
            #[cfg(unix)]
            signals: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            ],
            #[cfg(windows)]
            signals: (ctrl_c()?, ctrl_break()?),
        })
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        let [one, two, three] = &mut self.signals;
        #[cfg(unix)]
        tokio::select! {
            _ = one.recv() => {}
            _ = two.recv() => {}
            _ = three.recv() => {}
        }
        #[cfg(windows)]
        tokio::select! {
            _ = self.signals.0.recv() => {}
            _ = self.signals.1.recv() => {}
        }
    }
}
