//! Property tests: rules for all keys and strings.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

use msgraph_runtime::Request;
use msgraph_runtime::edm::{Binary, Date, DateTimeOffset, Duration, TimeOfDay, Untyped};
use msgraph_runtime::error::RequestError;
use msgraph_runtime::sans_io::http::header::{ETAG, RETRY_AFTER, WWW_AUTHENTICATE};
use msgraph_runtime::sans_io::http::{HeaderValue, Response, StatusCode};
use msgraph_runtime::sans_io::parse_response;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;

const BEFORE: &str = "/users/";
const AFTER: &str = "/settings";

fn path_of(key: &str) -> Result<String, RequestError> {
    Request::get("v1.0", "/users/{id}/settings", &[&key])
        .path()
        .map(str::to_owned)
}

proptest! {
    #[test]
    fn a_key_comes_back_from_its_segment(key in any::<String>()) {
        match path_of(&key) {
            Ok(path) => {
                let segment = path.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(AFTER)).unwrap();
                prop_assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), key.as_str());
            }
            Err(_) => prop_assert!(["", ".", ".."].contains(&key.as_str())),
        }
    }

    /// The URL standard splits the path into the same number of segments, without a query or fragment.
    #[test]
    fn one_segment_stays_one_segment(key in "[/\\\\.%?#:@;{} a-z0-9é\u{1}]{1,8}") {
        let Ok(path) = path_of(&key) else { return Ok(()) };
        let url = url::Url::parse(&format!("https://graph.microsoft.com/v1.0{path}")).unwrap();
        prop_assert_eq!(url.path_segments().unwrap().count(), 4, "{}", url);
        prop_assert_eq!(url.path(), format!("/v1.0{path}"));
        prop_assert_eq!((url.query(), url.fragment()), (None, None));
    }

    #[test]
    fn quotes_double_within_quotes(key in "[a'b/]{1,6}") {
        let request = Request::get("v1.0", "/applications(appId='{appId}')", &[&key]);
        let path = request.path().unwrap();
        let inside = path.strip_prefix("/applications(appId='").and_then(|rest| rest.strip_suffix("')")).unwrap();
        prop_assert!(!inside.contains('\''));
        let decoded = percent_decode_str(inside).decode_utf8().unwrap().into_owned();
        prop_assert_eq!(decoded.replace("''", "'"), key);
    }

    /// `''` is a valid argument of a function, such as `search(q='')`, but what a request changes always has a key.
    #[test]
    fn an_argument_of_a_function_may_be_empty(key in "[ab]{0,1}") {
        let template = "/drives/{id}/root/search(q='{q}')";
        let request = Request::get("v1.0", template, &[&"1", &key]);
        prop_assert_eq!(request.path().unwrap(), format!("/drives/1/root/search(q='{key}')"));
        let request = Request::delete("v1.0", "/applications(appId='{appId}')", &[&key]);
        prop_assert_eq!(request.path().is_ok(), !key.is_empty());
        let request = Request::get("v1.0", template, &[&key, &"a"]);
        prop_assert_eq!(request.path().is_ok(), !key.is_empty());
        let request = Request::get("v1.0", "/a/b(n={n})", &[&key]);
        prop_assert_eq!(request.path().is_ok(), !key.is_empty());
    }

    /// With the placeholder anywhere in the quotes, and quotes in any notation.
    #[test]
    fn no_key_ends_its_quotes(key in "[a'b/]{1,6}") {
        for (template, before, after) in [
            ("/a('x{id}')/b", "/a('x", "')/b"),
            ("/a('{id}@x''y')/b", "/a('", "@x''y')/b"),
            ("/a(n='''{id}x')/b", "/a(n='''", "x')/b"),
            ("/a%28%27x{id}%27%29/b", "/a%28%27x", "%27%29/b"),
        ] {
            let request = Request::get("v1.0", template, &[&key]);
            let path = request.path().unwrap();
            let inside = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap();
            let decoded = percent_decode_str(inside).decode_utf8().unwrap().into_owned();
            prop_assert_eq!(decoded, key.replace('\'', "''"), "{}", template);
        }
        // Outside parentheses, a quote is part of the key.
        let request = Request::get("v1.0", "/o'neil/a'{id}", &[&key]);
        let path = request.path().unwrap().strip_prefix("/o'neil/a'").unwrap();
        prop_assert_eq!(percent_decode_str(path).decode_utf8().unwrap(), key);
    }

    #[test]
    fn date_texts_are_kept(
        (year, month, day) in (0_i16..=9999, 1_i8..=12, 1_i8..=28),
        (hour, minute, second) in (0_i8..24, 0_i8..60, 0_i8..60),
        fraction in "(\\.[0-9]{1,12})?",
        offset in "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])",
    ) {
        let date = format!("{year:04}-{month:02}-{day:02}");
        let time = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
        let both = format!("{date}T{time}{offset}");
        let read: DateTimeOffset = both.parse().unwrap();
        prop_assert_eq!(read.to_string(), both);
        prop_assert_eq!((read.local().year(), read.local().second()), (year, second));
        prop_assert_eq!(date.parse::<Date>().unwrap().to_string(), date);
        prop_assert_eq!(time.parse::<TimeOfDay>().unwrap().to_string(), time);
    }

    #[test]
    fn durations_are_kept_and_counted(
        negative in any::<bool>(), days in 0_i64..100_000, hours in 0_i64..100, minutes in 0_i64..100,
        seconds in 0_i64..100, nanos in 0_i32..1_000_000_000,
    ) {
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}P{days}DT{hours}H{minutes}M{seconds}.{nanos:09}S");
        let read: Duration = text.parse().unwrap();
        prop_assert_eq!(read.to_string(), text);
        let whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
        prop_assert_eq!(read.duration().abs(), jiff::SignedDuration::new(whole, nanos));
        prop_assert_eq!(read.duration().is_negative(), negative && (whole > 0 || nanos > 0));
        prop_assert_eq!(Duration::from(read.duration()).to_string().parse::<Duration>().unwrap().duration(), read.duration());
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>(), near in "[-+PTZDHMS0-9:.]{0,24}") {
        for text in [text.as_str(), near.as_str()] {
            let _ = (text.parse::<DateTimeOffset>(), text.parse::<Date>(), text.parse::<TimeOfDay>());
            let _ = (text.parse::<Duration>(), text.parse::<Binary>(), text.parse::<msgraph_runtime::request::Root>());
            let _ = text.parse::<msgraph_runtime::request::ETag>();
        }
    }

    #[test]
    fn no_answer_makes_the_reader_panic(status in 100_u16..600, body in any::<Vec<u8>>(), header in any::<String>()) {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        if let Ok(value) = HeaderValue::from_str(&header) {
            for name in [RETRY_AFTER, WWW_AUTHENTICATE, ETAG] {
                response.headers_mut().insert(name, value.clone());
            }
        }
        let _ = parse_response::<Option<Untyped>>(&response).map_err(|error| error.to_string());
    }

    #[test]
    fn bytes_come_back_from_either_alphabet_and_are_written_in_one(bytes in any::<Vec<u8>>()) {
        let written = Binary::from(bytes.clone()).to_string();
        prop_assert!(!written.contains(['-', '_']) && written.len().is_multiple_of(4), "{}", written);
        let url_safe = written.replace('+', "-").replace('/', "_");
        for text in [&written, &url_safe, written.trim_end_matches('='), url_safe.trim_end_matches('=')] {
            let read: Binary = text.parse().unwrap();
            prop_assert_eq!(read.as_bytes(), bytes.as_slice());
            prop_assert_eq!(read.to_string(), written.clone());
        }
    }
}

#[test]
fn dates_that_graph_uses() {
    let never: DateTimeOffset = "9999-12-31T23:59:59.9999999Z".parse().unwrap();
    assert_eq!(
        never.timestamp(),
        None,
        "beyond jiff's timestamps, and read all the same"
    );
    assert_eq!(never.local().year(), 9999);
    let first: DateTimeOffset = "0001-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(
        first.timestamp().unwrap().to_string(),
        "0001-01-01T00:00:00Z"
    );
    for text in ["11:59:31.3170000", "07:59"] {
        assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
    }
    for text in ["PT1H", "P1D", "-PT0.5S", "P1DT2H"] {
        assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
    }
    for text in [
        "P", "PT", "P1DT", "P1H", "PT1D", "PT1S1H", "PT1.5H", "1D", "P1Y", "PT1", "P1DT1D", "PTT1S",
    ] {
        assert!(text.parse::<Duration>().is_err(), "{text}");
    }
    for text in [
        "2024-02-30T00:00:00Z",
        "2024-02-29 00:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T",
        "",
    ] {
        assert!(text.parse::<DateTimeOffset>().is_err(), "{text}");
    }
    // Graph's own pages omit the time or the offset; such values are written unchanged.
    for text in ["2024-02-29", "2024-02-29T00:00:00"] {
        let read: DateTimeOffset = text.parse().unwrap();
        assert_eq!(read.to_string(), text);
        assert_eq!(
            read.timestamp().unwrap().to_string(),
            "2024-02-29T00:00:00Z"
        );
    }
    let written =
        DateTimeOffset::from("2024-06-30T22:00:00.5Z".parse::<jiff::Timestamp>().unwrap());
    assert_eq!(written.to_string(), "2024-06-30T22:00:00.5Z");
    assert_eq!(
        written.to_string().parse::<DateTimeOffset>().unwrap(),
        written
    );
}

#[test]
fn odata_values_that_jiff_does_not_parse() {
    for (text, seconds, nanoseconds) in [
        ("P10675199DT2H48M5.4775807S", 922_337_203_685, 477_580_700),
        (
            "-P10675199DT2H48M5.4775807S",
            -922_337_203_685,
            -477_580_700,
        ),
        ("P99999999D", 99_999_999 * 86_400, 0),
        ("PT99999999999H", 99_999_999_999 * 3600, 0),
        ("PT0.123456789012S", 0, 123_456_789),
    ] {
        let duration: Duration = text.parse().unwrap();
        let expected = jiff::SignedDuration::new(seconds, nanoseconds);
        assert_eq!(duration.duration(), expected, "{text}");
        let formatted = Duration::from(expected).to_string();
        let parsed: Duration = formatted.parse().unwrap();
        assert_eq!(parsed.duration(), expected, "{formatted}");
    }
    let time: TimeOfDay = "12:00:00.123456789012".parse().unwrap();
    assert_eq!(time.time(), jiff::civil::time(12, 0, 0, 123_456_789));
    let date: Date = "-0001-01-01".parse().unwrap();
    assert_eq!(date.date(), jiff::civil::date(-1, 1, 1));
    assert_eq!(Date::from(date.date()), date);
    let date_time: DateTimeOffset = "-0001-01-01T00:00:00+00:00".parse().unwrap();
    let (local, offset) = (date_time.local(), date_time.offset());
    assert_eq!(DateTimeOffset::new(local, offset), Some(date_time));
    let timestamp: DateTimeOffset = "-0001-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(
        DateTimeOffset::from(timestamp.timestamp().unwrap()),
        timestamp
    );
}

#[test]
fn values_that_only_jiff_parses() {
    for text in [
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00+24:00",
        "2024-02-29T00:00:00+01:60",
        "2024-02-29T00:00:00+0100",
        "2024-02-29T00:00:00Z01:00",
        "-000001-01-01T00:00:00Z",
        "20240229T000000Z",
    ] {
        assert!(text.parse::<DateTimeOffset>().is_err(), "{text}");
    }
    for text in ["12:00:60", "12", "12:00.5", "12:00:00.", "120000", "+1:00"] {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
    }
    for text in ["-000001-01-01", "20240229", "2024-W05-3", "2024-2-29"] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    for text in ["P0M", "P0Y", "P0W", "PT1H1H", "PT+1S", "PT1.S", "pt1s"] {
        assert!(text.parse::<Duration>().is_err(), "{text}");
    }
}
