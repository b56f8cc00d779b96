//! AWS as fixed answers: a server on the loopback interface that keeps the requests to it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The header in which a request carries the address that it was meant for.
pub(crate) const MEANT_FOR: &str = "x-test-meant-for";

/// An answer, byte for byte.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// The bytes of the body that are announced and not sent.
    missing: usize,
}

impl Reply {
    /// An answer without headers and body.
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), missing: 0 }
    }

    /// The end of the connection, without an answer.
    pub(crate) fn hang_up() -> Self {
        Self::new(0)
    }

    /// Ends the connection before the last byte of the body.
    pub(crate) fn cut(mut self) -> Self {
        self.missing = usize::from(self.body.pop().is_some());
        self
    }

    /// A good answer with this body.
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).body(body)
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// The answer of AWS STS to `GetCallerIdentity`.
pub(crate) fn identity() -> Reply {
    let caller =
        "<Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>AIDA</UserId><Account>123456789012</Account>";
    Reply::ok(format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult>{caller}</GetCallerIdentityResult>\
         </GetCallerIdentityResponse>"
    ))
    .header("content-type", "text/xml")
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The HTTP method.
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// The body.
    pub(crate) body: String,
    headers: Vec<(String, String)>,
}

impl Received {
    /// The value of a header, named in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(candidate, _)| candidate == name).map(|(_, value)| value.as_str())
    }

    /// All headers, sorted by name.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        headers.collect::<BTreeSet<_>>().into_iter()
    }

    /// Scheme and host that the request was meant for.
    pub(crate) fn origin(&self) -> &str {
        self.header(MEANT_FOR).expect("a client that is led here")
    }
}

/// The server: gives its answers in their order, the last one for ever.
pub(crate) struct Loopback {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    closing: Arc<AtomicBool>,
}

impl Loopback {
    /// Listens on a free port.
    pub(crate) fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address of the listener");
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let closing = Arc::new(AtomicBool::new(false));
        let (kept, closed) = (Arc::clone(&received), Arc::clone(&closing));
        let replies: Vec<_> = replies.into_iter().collect();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if closed.load(Ordering::SeqCst) {
                    break;
                }
                let Some(request) = read(&connection) else { continue };
                let mut kept = kept.lock().expect("the requests");
                let reply = replies.get(kept.len()).or(replies.last()).expect("an answer");
                kept.push(request);
                drop(kept);
                write(connection, reply);
            }
        });
        Self { address, received, closing }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests to it so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("the requests").clone()
    }

    /// The only request there was.
    #[track_caller]
    pub(crate) fn only(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn read(connection: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().expect("a length"))];
    reader.read_exact(&mut body).ok()?;
    Some(Received { method, target, body: String::from_utf8_lossy(&body).into_owned(), headers })
}

fn write(mut connection: TcpStream, reply: &Reply) {
    if reply.status == 0 {
        return;
    }
    let length = reply.body.len() + reply.missing;
    let headers: String =
        reply.headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
    let head = format!(
        "HTTP/1.1 {} Status\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n",
        reply.status
    );
    // A client that has hung up has got what it wanted.
    let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(&reply.body));
}
