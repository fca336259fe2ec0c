//! Embeds `migrations/`, so that a further migration is a further file and nothing else.

use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=migrations");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut list = String::from("[\n");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let (version, description) = path
            .file_stem()
            .and_then(|stem| stem.to_str()?.split_once('_'))
            .ok_or_else(|| format!("{} is not named NUMBER_what.sql", path.display()))?;
        let version: i64 = version.parse()?;
        let path = path.to_str().ok_or("the path is not UTF-8")?;
        writeln!(
            list,
            "({version}, {description:?}, include_str!({path:?})),"
        )?;
    }
    list += "]";
    let out = Path::new(&env::var("OUT_DIR")?).join("migrations.rs");
    Ok(fs::write(out, list)?)
}
