//! What the pages say, in every state and language, without a network; and the server that hands them
//! out, over real sockets.

mod content;
mod samples;
mod server;
