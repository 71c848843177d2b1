//! `/admin/reports`: figures by period, on pages and in files.

mod figures;
mod files;
