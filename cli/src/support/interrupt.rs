//! Ctrl-C and its like: seen between two steps, never in the middle of one.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

use crate::support::failure::Failure;

/// Until the process ends, no signal ends it: for the moment in which files take their places.
pub(crate) fn hold() -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::Outside(format!("cannot write: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(failed)?;
    let _entered = runtime.enter();
    // What is registered with the system stays so without the value.
    Interrupts::new().map(drop).map_err(failed)
}

/// From when it is made until the process ends, a signal ends the process only where it is waited
/// for, so that no file is left half-written and no temporary one is left over.
#[derive(Debug)]
pub(crate) struct Interrupts {
    #[cfg(unix)]
    signals: [Signal; 3],
    #[cfg(windows)]
    signals: (CtrlC, CtrlBreak),
}

impl Interrupts {
    /// Within a runtime of tokio.
    #[cfg(unix)]
    pub(crate) fn new() -> io::Result<Self> {
        // It comes where a file grows beyond `ulimit -f`, and would end the process; once somebody
        // listens, the write fails instead, as on a full disk.
        let _ = signal(SignalKind::from_raw(libc::SIGXFSZ))?;
        Ok(Interrupts {
            signals: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            ],
        })
    }

    #[cfg(windows)]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Interrupts {
            signals: (ctrl_c()?, ctrl_break()?),
        })
    }

    /// Returns when somebody asks the process to end.
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
