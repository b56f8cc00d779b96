//! The TCP connection below HTTP, which can be reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Orders that a connection ends with a reset. Clones refer to the same connection.
#[derive(Clone, Debug, Default)]
pub(in crate::simulator) struct Reset(Arc<AtomicBool>);

impl Reset {
    /// Makes the connection end with a reset.
    pub(in crate::simulator) fn order(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A connection that is closed normally, unless a reset is ordered.
pub(in crate::simulator) struct FaultyConnection {
    stream: TokioIo<TcpStream>,
    reset: Reset,
}

impl FaultyConnection {
    pub(in crate::simulator) fn new(stream: TcpStream, reset: Reset) -> Self {
        Self { stream: TokioIo::new(stream), reset }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut TokioIo<TcpStream>> {
        Pin::new(&mut self.get_mut().stream)
    }
}

impl Drop for FaultyConnection {
    fn drop(&mut self) {
        if self.reset.0.load(Ordering::Relaxed) {
            // Closing with a linger time of zero makes the system send a reset.
            let _ = self.stream.inner().set_zero_linger();
        }
    }
}

impl Read for FaultyConnection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(context, buffer)
    }
}

impl Write for FaultyConnection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write_vectored(context, buffers)
    }
}
