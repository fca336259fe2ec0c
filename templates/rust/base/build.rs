//! Embeds `migrations/`, so that a further migration is a further file and nothing else.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=migrations");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut migrations = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let (version, description) = read_name(&path)
            .ok_or_else(|| format!("{} is not named NUMBER_what.sql", path.display()))?;
        let file = path.to_str().ok_or("the path is not UTF-8")?;
        let line = format!("({version}, {description:?}, include_str!({file:?})),\n");
        if migrations.insert(version, line).is_some() {
            return Err(format!("two migrations have the number {version}").into());
        }
    }
    let list: String = migrations.into_values().collect();
    let out = Path::new(&env::var("OUT_DIR")?).join("migrations.rs");
    Ok(fs::write(out, format!("[\n{list}]"))?)
}

fn read_name(path: &Path) -> Option<(i64, &str)> {
    let (version, description) = path.file_stem()?.to_str()?.split_once('_')?;
    let digits = version.bytes().all(|byte| byte.is_ascii_digit());
    Some((version.parse().ok().filter(|_| digits)?, description))
}
