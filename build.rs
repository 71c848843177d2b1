//! Has the library rebuilt when translations or migrations change, because the macros that read them cannot ask for it.

fn main() {
    println!("cargo::rerun-if-changed=src/texts");
    println!("cargo::rerun-if-changed=src/server/store/database/migrations");
}
