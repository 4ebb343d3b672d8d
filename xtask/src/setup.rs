//! Placeholder until doctor exists.
