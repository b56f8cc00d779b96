//! Tables of texts with aligned columns.

use std::ops::Range;

/// Returns rows as lines, in which the columns are aligned: those in `numbers` to the right, the others to the left.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]], numbers: Range<usize>) -> String {
    let widths: Vec<usize> = (0..N)
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default())
        .collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if numbers.contains(&column) { format!("{cell:>width$}") } else { format!("{cell:width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
