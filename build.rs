//! Makes a changed translation file be seen: the macro that reads them cannot ask for it itself.

fn main() {
    println!("cargo::rerun-if-changed=src/texts");
    println!("cargo::rerun-if-changed=src/server/store/migrations");
}
