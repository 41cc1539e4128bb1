//! Warnings about upcoming removals. The tests set the date, so they do not depend on the clock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test reports failures by panicking"
)]

use msgraph_codegen::Config;

fn case() -> Config {
    Config::new("tests/cases/deprecations/graph.toml")
}

/// The warnings on a date, each with its help.
fn removals(config: Config, today: &str) -> Vec<String> {
    let generated = config.today(today).generate().unwrap();
    let found = generated.removals.iter();
    found
        .map(|removal| {
            assert!(removal.span.is_some(), "{}", removal.message);
            let help = removal.help.as_deref().unwrap();
            format!("{}: {help}", removal.message)
        })
        .collect()
}

#[test]
fn a_removal_is_warned_of_from_the_days_on_that_the_manifest_says() {
    // The case warns 30 days before a removal; the first one is on 2026-12-01.
    assert!(removals(case(), "2026-10-31").is_empty());
    assert_eq!(
        removals(case(), "2026-11-01"),
        [
            "`microsoft.graph.finish/leaded` is to be removed from Graph on 2026-12-01: Nobody should."
        ]
    );
    let on_the_day = removals(case(), "2026-12-01");
    assert_eq!(on_the_day.len(), 1);
    assert!(
        on_the_day[0].contains("was to be removed"),
        "{on_the_day:?}"
    );

    let mut all = removals(case(), "2030-01-01");
    all.sort();
    let names: Vec<&str> = all
        .iter()
        .map(|text| text.split('`').nth(1).unwrap())
        .collect();
    // Not `vase`, whose date is invalid, and not `label/text`, which has no date.
    assert_eq!(
        names,
        [
            "/cellars",
            "microsoft.graph.far.attic",
            "microsoft.graph.finish/leaded",
            "microsoft.graph.room/height",
            "microsoft.graph.shelf/neighbour",
            "microsoft.graph.shelf/width",
            "microsoft.graph.smell",
            "microsoft.graph.sorted",
            "microsoft.graph.timber",
        ]
    );
}

#[test]
fn without_a_date_nothing_is_said_and_no_date_reaches_the_code() {
    let without = case().generate().unwrap();
    assert!(without.removals.is_empty());
    for today in ["1970-01-01", "2027-01-01", "2100-01-01"] {
        assert_eq!(case().today(today).generate().unwrap().code, without.code);
    }
}

#[test]
fn ninety_days_unless_the_manifest_says_otherwise() {
    let restrictions = || Config::new("tests/cases/restrictions/graph.toml");
    assert!(removals(restrictions(), "2026-12-03").is_empty());
    assert_eq!(removals(restrictions(), "2026-12-04").len(), 1);
}

#[test]
fn what_is_no_date_is_an_error() {
    let error = case().today("tomorrow").generate().unwrap_err().to_string();
    assert!(error.contains("`tomorrow` is not a date"), "{error}");
}
