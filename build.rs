//! Rebuilds the crate when the built-in knowledge changes, which the compiler cannot see by itself.

fn main() {
    println!("cargo:rerun-if-changed=knowledge");
}
