//! Shows a page in a headless browser and measures it.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "microsoft-edge",
];

/// Measures the page in a frame: what is wider than the frame, too small, or lacks contrast.
const MEASURE: &str = r#"
const luminance = ([r, g, b]) => {
  const part = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const numbers = (color) => color.match(/[\d.]+/g).map(Number);
function background(view, element) {
  for (let e = element; e; e = e.parentElement) {
    const color = numbers(view.getComputedStyle(e).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color;
  }
  return [255, 255, 255];
}
function measure(frame) {
  const page = frame.contentDocument, view = frame.contentWindow;
  const faults = [];
  if (page.documentElement.scrollWidth > frame.clientWidth) {
    faults.push(`the page is ${page.documentElement.scrollWidth} pixels wide`);
  }
  const isDark = luminance(background(view, page.body)) < 0.2;
  if (isDark !== (frame.style.colorScheme === "dark")) faults.push("wrong colours");
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text) continue;
    count += 1;
    const style = view.getComputedStyle(element);
    const range = page.createRange();
    range.selectNodeContents(walker.currentNode);
    const hidden = element.closest("thead") && view.getComputedStyle(element.closest("thead")).position === "absolute";
    if (hidden) continue;
    for (const box of range.getClientRects()) {
      if (box.right > frame.clientWidth + 1 || box.left < 0) faults.push(`outside: ${text.slice(0, 60)}`);
    }
    if (parseFloat(style.fontSize) < 12) faults.push(`${style.fontSize}: ${text.slice(0, 60)}`);
    const [a, b] = [luminance(numbers(style.color)), luminance(background(view, element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  if (count < 20) faults.push("there is hardly any text");
  return faults.map((fault) => `${frame.clientWidth} pixels, ${frame.style.colorScheme}: ${fault}`);
}
window.onload = () => {
  const frames = [...document.querySelectorAll("iframe")];
  document.querySelector("pre").textContent = JSON.stringify(frames.flatMap(measure));
};
"#;

pub(crate) struct Browser {
    name: &'static str,
    folder: TempDir,
}

impl Browser {
    /// A browser of this machine. Returns `None` and prints `SKIPPED` if there is none.
    pub(crate) fn find(test: &str) -> Option<Self> {
        let runs = |name: &&&str| {
            let mut command = Command::new(name);
            let command = command.arg("--version").stdin(Stdio::null());
            command.output().is_ok_and(|output| output.status.success())
        };
        let Some(name) = NAMES.iter().find(runs) else {
            eprintln!(
                "SKIPPED {test}: there is no headless browser ({})",
                NAMES.join(", ")
            );
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        Some(Browser { name, folder })
    }

    /// What is wrong with the page in windows of different widths, with light and dark colours.
    pub(crate) fn faults(&self, html: &str) -> Vec<String> {
        let escaped = html.replace('&', "&amp;").replace('"', "&quot;");
        let mut test = "<!DOCTYPE html><meta charset=\"utf-8\"><pre></pre>".to_owned();
        for width in [320, 375, 720, 1280] {
            for scheme in ["light", "dark"] {
                test += &format!(
                    "<iframe style=\"border: 0; width: {width}px; height: 900px; color-scheme: {scheme}\" \
                     srcdoc=\"{escaped}\"></iframe>"
                );
            }
        }
        test += &format!("<script>{MEASURE}</script>");
        let arguments = [
            "--virtual-time-budget=5000",
            "--window-size=1400,1000",
            "--dump-dom",
        ];
        let dump = self.run(&test, &arguments);
        let dump = String::from_utf8(dump).expect("a document is text");
        let result = dump
            .split_once("<pre>")
            .and_then(|(_, rest)| rest.split_once("</pre>"));
        let (result, _) = result.expect("the script ran");
        let result = result
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        serde_json::from_str(&result).expect("the script ended")
    }

    /// The page as PDF.
    pub(crate) fn print(&self, html: &str) -> Vec<u8> {
        let pdf = self.folder.path().join("page.pdf");
        let option = format!("--print-to-pdf={}", pdf.to_string_lossy());
        self.run(html, &["--no-pdf-header-footer", &option]);
        fs::read(pdf).expect("the page was printed")
    }

    fn run(&self, html: &str, arguments: &[&str]) -> Vec<u8> {
        let page = self.folder.path().join("page.html");
        fs::write(&page, html).expect("written");
        let profile = self.folder.path().join("profile");
        let output = Command::new(self.name)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .arg(format!("--user-data-dir={}", profile.to_string_lossy()))
            .args(arguments)
            .arg(format!("file://{}", page.to_string_lossy()))
            .stdin(Stdio::null())
            .output()
            .expect("the browser runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }
}
