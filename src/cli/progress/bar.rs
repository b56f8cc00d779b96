//! The bar on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The columns before the text of the bar.
const BEFORE_TEXT: usize = 19;

/// Returns how many characters of text fit beside the bar, if standard error is a terminal.
pub(super) fn text_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stderr())?;
    Some(usize::from(width.0).saturating_sub(BEFORE_TEXT))
}

/// Returns a text with a moving sign before it, for work of unknown length.
pub(super) fn spinner(text: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg}") {
        bar.set_style(style);
    }
    bar.set_message(text);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Returns a bar with a text that fills the window. indicatif reads the width of the terminal, and uses no colours
/// if `NO_COLOR` is set.
pub(super) fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
    // The template is a constant; without it the bar has indicatif's own look.
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {bar:16.cyan/dim} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
