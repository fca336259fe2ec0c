//! Embeds `migrations/`, so that a further migration is a further file and nothing else.

use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=migrations");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut list = String::from("[\n");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let (version, description) = read_name(&path)
            .ok_or_else(|| format!("{} is not named NUMBER_what.sql", path.display()))?;
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

fn read_name(path: &Path) -> Option<(i64, &str)> {
    let (version, description) = path.file_stem()?.to_str()?.split_once('_')?;
    Some((version.parse().ok()?, description))
}
