//! A conversation with one tab: calls with their replies, and what the tab tells in between.

use super::socket::{self, Socket};
use super::{Error, Event, Way, broken};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::VecDeque;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// The most events that wait to be taken; a page makes two or three of those that we know.
const WAITING: usize = 256;

/// A connection to one tab.
#[derive(Debug)]
pub struct Session {
    socket: Socket,
    way: Way,
    /// The number of the last call.
    number: u64,
    waiting: VecDeque<Event>,
}

/// A message of the tab's: an event or a reply.
#[derive(Deserialize)]
struct Envelope<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// What a message is to us.
enum Heard {
    Event(Event),
    Reply(u64, Result<Box<str>, Error>),
    Nothing,
}

impl Session {
    /// Connects to the tab with this id.
    ///
    /// # Errors
    /// The browser is not there, does not answer, or has no such tab.
    pub async fn connect(way: Way, id: &str) -> Result<Self, Error> {
        let socket = timeout(way.limit, socket::open(way, id)).await;
        Ok(Self {
            socket: socket.unwrap_or(Err(Error::Silent(way.limit)))?,
            way,
            number: 0,
            waiting: VecDeque::new(),
        })
    }

    /// Sends a call whose reply is not waited for; its number.
    ///
    /// # Errors
    /// The connection has ended, or takes nothing more.
    pub async fn send(&mut self, method: &str, params: Value) -> Result<u64, Error> {
        self.number += 1;
        let call = json!({"id": self.number, "method": method, "params": params});
        let sent = timeout(
            self.way.limit,
            self.socket.send(Message::text(call.to_string())),
        )
        .await;
        match sent {
            Ok(Ok(())) => Ok(self.number),
            Ok(Err(error)) => Err(broken(error)),
            Err(_) => Err(Error::Silent(self.way.limit)),
        }
    }

    /// Calls and waits for the result, as JSON. Events that come before it wait for [`Session::event`].
    ///
    /// # Errors
    /// The browser refuses, does not answer in time, or is gone.
    pub async fn call(&mut self, method: &str, params: Value) -> Result<Box<str>, Error> {
        let number = self.send(method, params).await?;
        let limit = self.way.limit;
        let reply = async {
            loop {
                match self.hear().await? {
                    Heard::Reply(of, result) if of == number => return result,
                    Heard::Event(_) if self.waiting.len() >= WAITING => {
                        return Err(broken("more events than one can take in"));
                    }
                    Heard::Event(event) => {
                        let ends = event.silences();
                        self.waiting.push_back(event);
                        if ends {
                            return Err(Error::Interrupted);
                        }
                    }
                    // An earlier call's, which was given up.
                    Heard::Reply(..) | Heard::Nothing => {}
                }
            }
        };
        timeout(limit, reply)
            .await
            .unwrap_or(Err(Error::Silent(limit)))
    }

    /// The next event; waits for it without a limit. Nothing is lost when the waiting is given up.
    ///
    /// # Errors
    /// The connection has ended, or what comes over it makes no sense.
    pub async fn event(&mut self) -> Result<Event, Error> {
        if let Some(event) = self.waiting.pop_front() {
            return Ok(event);
        }
        loop {
            if let Heard::Event(event) = self.hear().await? {
                return Ok(event);
            }
        }
    }

    /// An event that is there already.
    pub fn waiting(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }

    async fn hear(&mut self) -> Result<Heard, Error> {
        match self.socket.next().await {
            Some(Ok(Message::Text(text))) => parse(&text),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(Heard::Nothing),
            Some(Ok(Message::Binary(_))) => Err(broken("a message that is no text")),
            Some(Ok(Message::Close(_))) | None => {
                Err(broken("the connection to the tab has ended"))
            }
            Some(Err(error)) => Err(broken(error)),
        }
    }
}

fn parse(text: &str) -> Result<Heard, Error> {
    let message: Envelope<'_> =
        serde_json::from_str(text).map_err(|_| broken("a message that is no JSON object"))?;
    if let Some(number) = message.id {
        let result = match message.error {
            Some(error) => Err(Error::Refused(refusal(error.get()))),
            None => Ok(message.result.map_or("{}", RawValue::get).into()),
        };
        return Ok(Heard::Reply(number, result));
    }
    let method = message.method.unwrap_or_default();
    let params = message.params.map_or("{}", RawValue::get);
    Ok(Event::of(&method, params).map_or(Heard::Nothing, Heard::Event))
}

fn refusal(error: &str) -> String {
    let error: Value = serde_json::from_str(error).unwrap_or_default();
    let words = error.get("message").and_then(Value::as_str);
    crate::line(words.unwrap_or("without a reason"), super::SHOWN)
}
