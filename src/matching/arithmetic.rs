//! Exponential, logarithm and random order computed from plain arithmetic.
//!
//! The standard library's `exp` and `ln` may differ in their last bit between machines; a matcher that is trained at load must
//! come out the same everywhere, so it uses these. Nothing here reads a clock or the machine's own randomness.

/// `e^x`, within two units in the last place; inputs are held to -87..=88, so the result is finite and positive.
///
/// Written without branches so that the compiler can do several at once: the softmax of training is full of it.
#[inline]
#[expect(
    clippy::excessive_precision,
    reason = "the constants are the published ones (Cephes expf)"
)]
pub(super) fn exp(x: f32) -> f32 {
    /// Adding 1.5·2^23 leaves the rounded integer in the lowest bits of the mantissa.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let power = rounded - ROUND;
    let rest = x - power * 0.693_359_375 + power * 2.121_944_40e-4;
    let mut polynomial = 1.987_569_15e-4;
    for coefficient in [
        1.398_199_95e-3,
        8.333_451_9e-3,
        4.166_579_6e-2,
        1.666_666_55e-1,
        0.5,
    ] {
        polynomial = polynomial * rest + coefficient;
    }
    let mantissa = polynomial * rest * rest + rest + 1.0;
    let exponent = rounded
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127);
    mantissa * f32::from_bits(exponent << 23)
}

/// Natural logarithm of a positive, normal number.
pub(super) fn ln(x: f32) -> f32 {
    let bits = f64::from(x).to_bits();
    let mut exponent = f64::from(u32::try_from(bits >> 52).unwrap_or(0)) - 1023.0;
    let mut mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let mut series = 0.0;
    for divisor in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = series * square + 1.0 / divisor;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "f32 is the precision asked for"
    )]
    {
        (exponent * std::f64::consts::LN_2 + 2.0 * t * series) as f32
    }
}

/// Lanes that sums and maxima are taken in: a sum has to be added up in some order, and in this one several go at once.
const LANES: usize = 8;

/// The sum of numbers, added up in the same order on every machine.
pub(super) fn sum(numbers: &[f32]) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    let mut lanes = [0.0_f32; LANES];
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane += number;
        }
    }
    lanes.iter().chain(rest).sum()
}

/// The highest of numbers that are none of them NaN; minus infinity of none.
pub(super) fn highest(numbers: &[f32]) -> f32 {
    let higher = |a: f32, b: f32| if a > b { a } else { b };
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane = higher(*lane, *number);
        }
    }
    lanes
        .iter()
        .chain(rest)
        .copied()
        .fold(f32::NEG_INFINITY, higher)
}

/// A count as a number to calculate with. Counts here are far below the 2^24 up to which this is exact.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and entries stay below 2^24"
)]
pub(super) fn number(count: usize) -> f32 {
    count as f32
}

/// 1 / (1 + e^-x).
pub(super) fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The `SplitMix64` generator (Steele, Lea, Flood 2014): one multiplication chain a number, the same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; `0` for an empty range.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the high half of a 64 by 64 bit product is below `bound`"
    )]
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Fisher and Yates' shuffle.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_ln_agree_with_the_textbook() {
        for step in -800_i16..=800 {
            let x = f32::from(step) / 10.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(error < 4e-7, "exp({x}) is off by {error}");
            let positive = exp(x);
            assert!(
                (ln(positive) - x).abs() < 2e-5,
                "ln(exp({x})) = {}",
                ln(positive)
            );
        }
        assert!((exp(0.0) - 1.0).abs() < f32::EPSILON);
        assert!(ln(1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn sums_and_maxima_are_those_of_all_numbers() {
        for length in [0_u16, 1, 7, 8, 9, 280] {
            let numbers: Vec<f32> = (0..length).map(|at| f32::from((at * 37) % 101)).collect();
            assert!((sum(&numbers) - numbers.iter().sum::<f32>()).abs() < 1e-3);
            let most = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            assert_eq!(highest(&numbers).to_bits(), most.to_bits());
        }
    }

    #[test]
    fn a_shuffle_keeps_every_item_and_repeats_itself() {
        let mut first: Vec<u32> = (0..50).collect();
        let mut second = first.clone();
        Random::new(7).shuffle(&mut first);
        Random::new(7).shuffle(&mut second);
        assert_eq!(first, second);
        assert_ne!(first, (0..50).collect::<Vec<_>>());
        first.sort_unstable();
        assert_eq!(first, (0..50).collect::<Vec<_>>());
    }
}
