//! Plain loops, built a second time for processors with wide vectors.
//!
//! The program runs on any 64-bit processor; where AVX2 is there, the same loops run eight numbers at
//! a time. Nothing is written twice: the compiler builds one body for both.

/// A loop worth building twice. Its body and all it calls must be `#[inline(always)]`: what is not
/// inlined is built for the plain processor only.
pub(crate) trait Loop {
    /// What it gives.
    type Output;
    /// Runs it.
    fn run(self) -> Self::Output;
}

/// Runs a loop on the widest vectors this processor has.
pub(crate) fn run<L: Loop>(job: L) -> L::Output {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the machine has AVX2, as just checked; the function asks for nothing else.
        #[allow(unsafe_code)]
        return unsafe { avx2(job) };
    }
    job.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<L: Loop>(job: L) -> L::Output {
    job.run()
}
