//! A server that answers nothing and counts who came.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Listens on the loopback interface, to prove that there is no connection.
pub(crate) struct Listener {
    address: SocketAddr,
    closing: Arc<AtomicBool>,
    counter: JoinHandle<usize>,
}

impl Listener {
    /// Listens on a free port.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address of the listener");
        let closing = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&closing);
        let counter = std::thread::spawn(move || {
            let mut connections = 0;
            for connection in listener.incoming() {
                drop(connection);
                connections += 1;
                if closed.load(Ordering::SeqCst) {
                    break;
                }
            }
            connections - 1
        });
        Self { address, closing, counter }
    }

    /// The address as `AWS_ENDPOINT_URL` takes it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections there were. Connections are accepted in the order in which they were made, so a
    /// last one of our own shows that all others have been counted.
    pub(crate) fn connections(self) -> usize {
        self.closing.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.counter.join().expect("the counting thread")
    }
}
