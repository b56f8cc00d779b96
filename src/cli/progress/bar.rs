//! The bar on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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
