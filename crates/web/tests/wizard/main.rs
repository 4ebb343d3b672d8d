//! The wizard's pages in every state and both languages, read as a browser and a screen reader read
//! them; and its addresses, over real sockets, with a wizard that only remembers what it was asked.

mod content;
mod fake;
mod markup;
mod routes;
mod samples;
mod work;
