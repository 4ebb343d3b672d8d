//! What the pages say, in every state and language, without a network; and the server that hands them
//! out, over real sockets.

mod content;
mod metrics;
#[path = "../dashboard/overviews.rs"]
#[allow(dead_code, reason = "the dashboard's states")]
mod overviews;
mod owned;
mod samples;
mod server;
mod sign_in;
