//! Numbers are doubles, as in jq. Integers of a response that a double cannot represent keep their digits until
//! they are used in a calculation, as in jq 1.7 and later.

use std::cmp::Ordering;

use jaq_json::Num;

/// Returns the number as a double.
pub(super) fn value(number: &Num) -> f64 {
    match number {
        #[expect(clippy::cast_precision_loss, reason = "jq's numbers are doubles")]
        Num::Int(integer) => *integer as f64,
        Num::Float(number) => *number,
        Num::BigInt(_) | Num::Dec(_) => number.to_string().parse().unwrap_or(f64::NAN),
    }
}

/// Returns the result of a calculation: an integer if the double is one, so that it can be an index.
pub(super) fn normal(number: f64) -> Num {
    let integer = to_integer(number).filter(|integer| *integer != 0 || number.is_sign_positive());
    match integer.and_then(|integer| isize::try_from(integer).ok()) {
        Some(integer) => Num::Int(integer),
        None => Num::Float(number),
    }
}

/// Parses a number in the text of a filter.
pub(super) fn read(text: &str) -> Num {
    normal(text.parse().unwrap_or(f64::NAN))
}

/// Compares numbers: NaN comes before all others, itself included.
pub(super) fn compare(one: &Num, other: &Num) -> Ordering {
    if let (Num::Int(one), Num::Int(other)) = (one, other) {
        return one.cmp(other);
    }
    let (left, right) = (value(one), value(other));
    if left.is_nan() {
        return Ordering::Less;
    }
    if right.is_nan() {
        return Ordering::Greater;
    }
    // Beyond 2^53, different integers can have the same double.
    match (one, other) {
        (Num::BigInt(_), Num::Int(_) | Num::BigInt(_)) | (Num::Int(_), Num::BigInt(_)) => one.cmp(other),
        _ => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
    }
}

/// Returns the integer that a double represents, if it represents one.
pub(super) fn to_integer(number: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
    (number.fract() == 0.0 && number.abs() < 1e36).then_some(number as i128)
}

/// Returns the number as jq writes it into a text.
pub(super) fn text(number: &Num) -> String {
    match number {
        Num::Int(integer) if integer.unsigned_abs() < 1 << 53 => {
            with_exponent(value(number), &integer.to_string())
        }
        Num::Int(integer) if to_integer(value(number)) != i128::try_from(*integer).ok() => {
            integer.to_string()
        }
        Num::BigInt(_) if number.to_string().parse::<u64>().is_ok() => {
            let exact = number.to_string();
            if to_integer(value(number)) == exact.parse::<i128>().ok() {
                double(value(number))
            } else {
                exact
            }
        }
        _ => double(value(number)),
    }
}

/// Writes an integer with many zeros with an exponent, as jq does.
fn with_exponent(number: f64, plain: &str) -> String {
    if plain.len() <= 16 { plain.to_owned() } else { double(number) }
}

/// Returns the shortest digits that represent the double, in the form of `jvp_dtoa_fmt` (jq's `jv_dtoa.c`): with
/// an exponent if there would be four zeros after the point or more than fifteen at the end.
fn double(number: f64) -> String {
    if number.is_nan() {
        return "null".to_owned();
    }
    let number = number.clamp(f64::MIN, f64::MAX);
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number == 0.0 {
        return format!("{sign}0");
    }
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    // The number of digits before the point.
    let before = exponent.parse::<i32>().unwrap_or(0) + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if before <= -4 || before > count + 15 {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let exponent = before - 1;
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}e{exponent_sign}{:02}", exponent.abs());
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    match usize::try_from(before) {
        Ok(before) if before > 0 && before < digits.len() => {
            let (whole, fraction) = digits.split_at(before);
            format!("{sign}{whole}.{fraction}")
        }
        Ok(before) if before > 0 => {
            format!("{sign}{digits}{}", zeros(i32::try_from(before).unwrap_or(0) - count))
        }
        _ => format!("{sign}0.{}{digits}", zeros(-before)),
    }
}
