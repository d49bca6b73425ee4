//! What the streams can show: width, style, clickable links, progress; and writing to them.
//!
//! Whatever is shown passes [`plain`], so that no control character of a question or a file acts on the terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::{Failure, reason};

/// Widest text on a terminal, in columns: longer lines are hard to follow.
const WIDEST: usize = 100;
/// Narrowest text, in columns: below it words are broken anyway.
const NARROWEST: usize = 20;
/// Width where it cannot be known, in columns: what mails and logs are made for.
const PIPED_WIDTH: usize = 80;
/// How long work may take before its progress is shown: what is faster needs no explaining.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a progress bar moves, so that it looks alive.
const TICK: Duration = Duration::from_millis(120);

/// The look of text on its way to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// Columns that a line may take.
    pub(super) width: usize,
    /// Whether text can be bold or dim.
    pub(super) style: Styling,
    /// Whether addresses can be clicked.
    pub(super) links: Links,
}

/// Whether a stream shows styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Styling {
    /// Escape sequences are shown as style.
    Styled,
    /// Nothing but text may be written.
    Plain,
}

/// Whether a stream makes links of OSC 8 sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// It does.
    Clickable,
    /// An address is text.
    Text,
}

impl Look {
    /// The look of standard output: plain and 80 columns wide where it is not a terminal.
    pub(super) fn of_stdout() -> Self {
        let stdout = io::stdout();
        let styled = stdout.is_terminal()
            && anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        // Who asked for no colour gets no escape sequence at all.
        let clickable = styled && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        Self {
            width: if stdout.is_terminal() {
                textwrap::termwidth().clamp(NARROWEST, WIDEST)
            } else {
                PIPED_WIDTH
            },
            style: if styled {
                Styling::Styled
            } else {
                Styling::Plain
            },
            links: if clickable {
                Links::Clickable
            } else {
                Links::Text
            },
        }
    }
}

/// Text in the making: wrapped, styled as far as the [`Look`] allows, ending in a line feed.
#[derive(Debug)]
pub(super) struct Page {
    look: Look,
    text: String,
}

impl Page {
    /// An empty page.
    pub(super) fn new(look: Look) -> Self {
        Self {
            look,
            text: String::new(),
        }
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// An empty line; none at the top and never two.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A bold line.
    pub(super) fn heading(&mut self, text: &str) {
        self.lines("", "", text, Style::new().bold());
    }

    /// Wrapped text.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.lines("", "", text, Style::new());
    }

    /// Wrapped text behind `lead`; the following lines stand under its first word.
    pub(super) fn item(&mut self, lead: &str, text: &str) {
        let under = " ".repeat(textwrap::core::display_width(lead));
        self.lines(lead, &under, text, Style::new());
    }

    /// Wrapped text that stands back.
    pub(super) fn aside(&mut self, text: &str) {
        self.lines("", "", text, Style::new().dimmed());
    }

    /// A line of a table, as it is: it has been laid out.
    pub(super) fn row(&mut self, text: &str) {
        self.text.push_str(&plain(text));
        self.text.push('\n');
    }

    /// An address on a line of its own, never broken, and clickable where that is possible.
    pub(super) fn link(&mut self, indent: &str, url: &str) {
        // https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
        const OPEN: &str = "\x1b]8;;";
        const CLOSE: &str = "\x1b\\";
        let url = plain(url);
        self.text.push_str(indent);
        match self.look.links {
            Links::Text => self.text.push_str(&url),
            Links::Clickable => {
                self.text.extend([OPEN, &url, CLOSE, &url, OPEN, CLOSE]);
            }
        }
        self.text.push('\n');
    }

    fn lines(&mut self, first: &str, others: &str, text: &str, style: Style) {
        for line in wrap(first, others, text, self.look.width) {
            match self.look.style {
                Styling::Styled if style != Style::new() => {
                    let (on, off) = (style.to_string(), style.render_reset().to_string());
                    self.text.extend([
                        &on,
                        line.as_str(),
                        &off,
                        "
",
                    ]);
                }
                Styling::Styled | Styling::Plain => {
                    self.text.push_str(&line);
                    self.text.push('\n');
                }
            }
        }
    }
}

/// A space that keeps a mark on the line of the words it belongs to; shown as an ordinary one.
const GLUE: char = '\u{a0}';

fn wrap(first: &str, others: &str, text: &str, width: usize) -> Vec<String> {
    let text = plain(text).replace(" [", &format!("{GLUE}["));
    // Addresses and paths have places where Unicode would break them.
    let separator = if text.contains('/') {
        WordSeparator::AsciiSpace
    } else {
        WordSeparator::UnicodeBreakProperties
    };
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(others)
        .word_separator(separator)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    textwrap::wrap(&text, options)
        .into_iter()
        .map(|line| line.replace(GLUE, " "))
        .collect()
}

/// One line of text in which nothing acts on a terminal: white space is a space, other control characters show as `�`.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            other if other.is_control() => char::REPLACEMENT_CHARACTER,
            other => other,
        })
        .collect()
}

/// Whether somebody still reads what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// As far as can be known.
    Present,
    /// The pipe is closed; that is no error.
    Gone,
}

/// Writes to standard output.
pub(super) fn print(text: &str) -> Result<Reader, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Ok(()) => Ok(Reader::Present),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(Failure(format!(
            "standard output cannot be written: {}",
            reason(&error)
        ))),
    }
}

/// Writes a line to standard error. If that fails there is nobody left to tell.
pub(super) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", plain(text));
}

/// Writes a finished page to standard error. If that fails there is nobody left to tell.
pub(super) fn tell_page(page: &str) {
    let _ = anstream::stderr().write_all(page.as_bytes());
}

/// Writes `error: …` to standard error, in red where it is a terminal; further lines are kept as they are.
pub(super) fn tell_error(text: &str) {
    let style = AnsiColor::Red.on_default().bold();
    let lines: Vec<_> = text.lines().map(plain).collect();
    let _ = writeln!(
        anstream::stderr(),
        "{style}error:{style:#} {}",
        lines.join("\n")
    );
}

/// A progress bar on standard error for work that takes longer than a second; nothing where that is no terminal.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    watch: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to wait; `steps` is how many [`Progress::step`]s are to come, where that is known.
    pub(super) fn start(what: &'static str, steps: Option<usize>) -> Self {
        let bar = ProgressBar::with_draw_target(
            steps.and_then(|steps| u64::try_from(steps).ok()),
            ProgressDrawTarget::hidden(),
        );
        let template = match steps {
            Some(_) => "{msg} {bar:30} {pos}/{len}",
            None => "{msg} {spinner} {elapsed}",
        };
        bar.set_style(
            ProgressStyle::with_template(template).expect("the templates above are well formed"),
        );
        bar.set_message(what);
        let watch = io::stderr().is_terminal().then(|| {
            let (done, waiting) = mpsc::channel();
            let shown = bar.clone();
            let thread = thread::spawn(move || {
                if waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                }
            });
            (done, thread)
        });
        Self { bar, watch }
    }

    /// One more step is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.watch.take() {
            drop(done);
            // It only ever waits and draws; a panic there must not become ours.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Look = Look {
        width: 30,
        style: Styling::Plain,
        links: Links::Text,
    };

    fn page(look: Look, write: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(look);
        write(&mut page);
        page.into_text()
    }

    #[test]
    fn lines_keep_to_the_width_and_marks_to_their_words() {
        let text = page(PLAIN, |page| {
            page.paragraph("The agency named about twelve [1]. Others disagree [2][3].");
        });
        assert_eq!(
            text,
            "The agency named about\ntwelve [1]. Others\ndisagree [2][3].\n"
        );
    }

    #[test]
    fn an_address_is_never_broken() {
        let url = "https://example.org/a/very/long-address-of-a-page/that-goes-on?and=on";
        let text = page(PLAIN, |page| {
            page.link("    ", url);
            page.paragraph(&format!("It is at {url} since then."));
        });
        assert_eq!(text.matches(url).count(), 2, "{text}");
    }

    #[test]
    fn an_address_is_clickable_where_that_is_possible() {
        let look = Look {
            links: Links::Clickable,
            ..PLAIN
        };
        let text = page(look, |page| page.link("", "https://example.org/"));
        assert_eq!(
            text,
            "\x1b]8;;https://example.org/\x1b\\https://example.org/\x1b]8;;\x1b\\\n"
        );
    }

    #[test]
    fn each_line_of_a_heading_is_bold_by_itself() {
        let look = Look {
            style: Styling::Styled,
            ..PLAIN
        };
        let text = page(look, |page| {
            page.heading("How many children does it name each month?");
        });
        assert_eq!(
            text,
            "\x1b[1mHow many children does it name\x1b[0m\n\x1b[1meach month?\x1b[0m\n"
        );
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("a\x1b[31mb", "a�[31mb");
        check("a\u{9b}31mb\u{7f}\0", "a�31mb��");
        check("two\r\nlines\tand a tab", "two  lines and a tab");
        check("ünï 日本 👍", "ünï 日本 👍");
    }

    #[test]
    fn a_gap_is_one_empty_line() {
        let text = page(PLAIN, |page| {
            page.gap();
            page.paragraph("a");
            page.gap();
            page.gap();
            page.paragraph("b");
        });
        assert_eq!(text, "a\n\nb\n");
    }
}
