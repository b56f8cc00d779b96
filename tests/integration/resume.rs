//! `scan resume`.
