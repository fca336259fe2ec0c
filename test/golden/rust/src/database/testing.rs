//! A database of its own for every test.

use std::{env, fs, path::PathBuf};

use uuid::Uuid;

/// A folder that is removed in the end.
pub struct Temporary(PathBuf);

impl Temporary {
    pub fn new() -> Self {
        Self(env::temp_dir().join(Uuid::now_v7().to_string()))
    }

    pub fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("test.db").display())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
