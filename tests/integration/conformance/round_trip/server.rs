//! A real HTTP server that gives prepared answers, one for each request.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_auto_inventory::simulator::wire::Message;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// A server on the loopback interface; it lives as long as the runtime that it was started in.
pub(super) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Message>,
    requests: Vec<String>,
}

impl Server {
    /// Listens on a free port.
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("the address of the listener");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                let service = service_fn(move |request| {
                    let state = Arc::clone(&state);
                    async move { Ok::<_, Infallible>(answer(&state, request).await) }
                });
                // Connections end when the client closes them.
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), service));
            }
        });
        Self { address, state }
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Sets the answers of the next requests, and forgets what was before.
    pub(super) fn prepare(&self, answers: impl IntoIterator<Item = Message>) {
        let mut state = self.state.lock().expect("nobody panics with the lock");
        state.answers = answers.into_iter().collect();
        state.requests.clear();
    }

    /// The requests since then: path, query string and body, percent-encoding undone.
    pub(super) fn requests(&self) -> Vec<String> {
        self.state.lock().expect("nobody panics with the lock").requests.clone()
    }
}

async fn answer(state: &Mutex<State>, request: hyper::Request<Incoming>) -> hyper::Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let text = format!("{} {}", head.uri, String::from_utf8_lossy(&body));
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned();
    let message = {
        let mut state = state.lock().expect("nobody panics with the lock");
        state.requests.push(decoded);
        state.answers.pop_front()
    };
    let missing = || Message { status: 500, headers: Vec::new(), body: b"nothing was prepared".to_vec() };
    let message = message.unwrap_or_else(missing);
    let mut response = hyper::Response::builder().status(message.status);
    for (name, value) in &message.headers {
        response = response.header(&**name, value);
    }
    response.body(Full::from(message.body)).expect("headers that HTTP can carry")
}
