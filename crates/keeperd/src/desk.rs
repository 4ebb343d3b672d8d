//! Questions of the pages to the rest of keeperd. Pages are answered by tasks that may run anywhere,
//! what is known lives on keeperd's one thread: between them is this channel.

use crate::answer::{Known, answer};
use control::{Reply, Request};
use std::convert::Infallible;
use std::rc::Rc;
use tokio::sync::{mpsc, oneshot};

/// Questions that may wait.
const WAITING: usize = 8;

/// Where the pages ask.
#[derive(Clone)]
pub(crate) struct Desk(mpsc::Sender<Question>);

/// What they have asked.
pub(crate) struct Questions(mpsc::Receiver<Question>);

struct Question {
    request: Request,
    reply: oneshot::Sender<Reply>,
}

/// A desk, and what is asked there.
pub(crate) fn desk() -> (Desk, Questions) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Desk(sender), Questions(receiver))
}

impl Desk {
    /// Asks, and waits for the reply.
    pub(crate) async fn ask(&self, request: Request) -> Reply {
        let (reply, replied) = oneshot::channel();
        let sent = self.0.send(Question { request, reply }).await;
        let gone = || Reply::Error {
            message: "keeperd is ending".to_owned(),
        };
        match sent {
            Ok(()) => replied.await.unwrap_or_else(|_| gone()),
            Err(_) => gone(),
        }
    }
}

impl Questions {
    /// Answers for ever. How many are answered at the same time is the pages' limit of connections.
    pub(crate) async fn serve(mut self, known: Rc<Known>) -> Infallible {
        while let Some(question) = self.0.recv().await {
            let known = known.clone();
            tokio::task::spawn_local(async move {
                // Whoever has gone away no longer wants to know.
                let _ = question.reply.send(answer(question.request, &known).await);
            });
        }
        std::future::pending().await
    }
}
