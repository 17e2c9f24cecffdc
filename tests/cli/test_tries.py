"""Each room tried on a file by the real command: JSON lines out, and whatever is wrong named by its line."""

import io
import json
import signal
import subprocess
import sys

import pytest

from bot.cli import main

DAM = {
    "id": "a1",
    "title": "Harbour dam holds through the night",
    "text": (
        "The harbour dam at Northport held through the night after the river rose four metres in six hours, "
        "the water board said on Tuesday. Engineers opened two of the three gates shortly before midnight. "
        "Some two hundred people who had left the lower town were told that they could return by noon. "
        "The board will meet on Friday to decide on repairs."
    ),
    "url": "https://a.example/dam",
    "source": "The Harbour Post",
}
ORCHESTRA = {
    "id": 2,
    "title": "National orchestra chooses a new conductor",
    "text": (
        "A woman of forty has been chosen to lead the national orchestra for the next five seasons, its first "
        "new conductor since the hall was rebuilt. She will give her opening concert in September."
    ),
}
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>
<item><guid>1</guid><title>Dam &amp; river</title><link>https://a.example/1</link>
<description>It &lt;b&gt;held&lt;/b&gt;.</description><pubDate>Sun, 01 Mar 2026 12:00:00 +0100</pubDate></item>
<item><guid>2</guid><title>水坝</title><author>Ann</author></item></channel></rss>"""
PAGE = f"""<html lang="en"><head><title>{DAM["title"]} | The Harbour Post</title>
<meta property="og:site_name" content="The Harbour Post"></head><body><nav>Home News</nav><article>
<h1>{DAM["title"]}</h1>{"".join(f"<p>{sentence}.</p>" for sentence in DAM["text"].split(". "))}
</article></body></html>"""


@pytest.fixture
def needtoknow(tmp_path):
    def run(*arguments, given=b""):
        if not isinstance(given, bytes):
            given = "".join(f"{json.dumps(line)}\n" for line in given).encode()
        done = subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            input=given,
            capture_output=True,
            timeout=60,
            check=False,
            env={"PYTHONPATH": ":".join(sys.path), "NTK_CONFIG_DIR": str(tmp_path)},
            cwd=tmp_path,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture
def in_this_process(tmp_path, monkeypatch, capfd):
    """The same without starting Python and loading the model each time."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("NTK_CONFIG_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*arguments, given):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        return main(arguments), *capfd.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


def answers(result):
    """The JSON lines of a command that had nothing to complain of."""
    code, out, err = result
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def refused(result, *said):
    """A command that failed and said why, in one line; what it had answered before."""
    code, out, err = result
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("needtoknow: ")
    assert "Traceback" not in err
    assert "unexpected" not in err
    for words in said:
        assert words in err
    return [json.loads(line) for line in out.splitlines()]


def test_try_feed_prints_the_entries(needtoknow, tmp_path):
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    assert answers(needtoknow("try", "feed", "feed.xml")) == [
        {
            "key": "1",
            "title": "Dam & river",
            "url": "https://a.example/1",
            "summary": "It <b>held</b>.",
            "published_at": "2026-03-01T11:00:00Z",
            "author": None,
        },
        {"key": "2", "title": "水坝", "url": None, "summary": "", "published_at": None, "author": "Ann"},
    ]


@pytest.mark.parametrize("place", ["page.html", "nowhere.xml", "."])
def test_try_feed_says_what_is_no_feed(needtoknow, tmp_path, place):
    (tmp_path / "page.html").write_text(PAGE)
    assert refused(needtoknow("try", "feed", place)) == []


def test_try_extract_prints_the_readable_text(needtoknow, tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    (article,) = answers(needtoknow("try", "extract", "page.html", "--url", DAM["url"]))
    assert list(article) == ["title", "text", "published_at", "author", "language", "site", "url"]
    assert article["title"] == DAM["title"]
    assert article["text"].startswith("The harbour dam at Northport held")
    assert "Home News" not in article["text"]
    assert (article["site"], article["language"], article["url"]) == ("The Harbour Post", "en", DAM["url"])


def test_try_extract_says_when_there_is_nothing_to_read(needtoknow, tmp_path):
    (tmp_path / "empty.html").write_text("<html></html>")
    assert refused(needtoknow("try", "extract", "empty.html"), "empty.html", "no readable text") == []


def test_try_digest_prints_a_digest_of_each_line(needtoknow):
    found = answers(needtoknow("try", "digest", "--jsonl", given=[DAM, ORCHESTRA]))
    for digest, line in zip(found, [DAM, ORCHESTRA], strict=True):
        assert list(digest) == ["headline", "need_to_know", "details", "next", "model", "seconds"]
        assert digest["headline"]
        assert digest["need_to_know"]
        assert all(sentence in line["text"] for sentence in digest["need_to_know"])
        assert digest["seconds"] >= 0


def test_try_match_names_the_filters_and_the_words(needtoknow, tmp_path):
    (tmp_path / "filters.txt").write_text('dam AND northport\n\n"new conductor"\nnothing\n')
    given = [DAM, ORCHESTRA, {"id": None, "title": "x", "text": ""}]
    found = answers(needtoknow("try", "match", "--jsonl", "--filters", "filters.txt", given=given))
    assert [line["id"] for line in found] == ["a1", 2, None]
    assert [[m["filter"] for m in line["matches"]] for line in found] == [
        ["dam AND northport"],
        ['"new conductor"'],
        [],
    ]
    (met,) = found[0]["matches"]
    assert set(met) == {"filter", "terms", "sentence"}
    assert [term.casefold() for term in met["terms"]] == ["dam", "northport"]
    assert met["sentence"] == DAM["title"]


WHOLE = (
    ("gates repairing", True),  # inflections
    ("=gate", False),
    ("(bridge OR dam) -football", True),
    ("dam NOT (engineers OR football)", False),
    ('"river rose"', True),
    ('"river rise"', False),
    ('"midnight gate"~4', True),
    ("North*", True),
    ("title:northport", False),
    ("title:(harbour night)", True),
    ('source:"harbour post"', True),
    ("dam source:b.example", False),
    ("source:a.example/dam", True),
    ("dam lang:english", True),
    ("dam lang:de", False),
    ("topic:floods", True),
    ("topic:floods -northport", False),
    ('about:"a dam on a swollen river"~40', True),
    ('about:"a new hairstyle for poodles"~40', False),
)


def test_try_match_knows_the_whole_language(needtoknow, tmp_path):
    (tmp_path / "filters.txt").write_text("".join(f"{text}\n" for text, _ in WHOLE))
    topic = '[[topic]]\nid = "floods"\nname = "Floods"\nrule = \'dam "river rose"\'\n'
    (tmp_path / "topics.toml").write_text(topic)
    given = [DAM | {"language": "en-GB"}]
    (found,) = answers(needtoknow("try", "match", "--filters", "filters.txt", given=given))
    assert [met["filter"] for met in found["matches"]] == [text for text, meets in WHOLE if meets]
    assert list(found["topics"]) == ["floods"]
    assert "river rose" in found["topics"]["floods"]


def test_try_match_names_a_topic_that_there_is_not_and_the_nearest_that_there_is(needtoknow, tmp_path):
    (tmp_path / "filters.txt").write_text("dam\ntopic:flood\n")
    (tmp_path / "topics.toml").write_text('[[topic]]\nid = "floods"\nname = "Floods"\nrule = "flood"\n')
    result = needtoknow("try", "match", "--filters", "filters.txt", given=[DAM])
    assert refused(result, "filters.txt, line 2: ", "topic:floods") == []


def test_try_match_names_the_line_and_place_of_a_wrong_filter(needtoknow, tmp_path):
    (tmp_path / "filters.txt").write_text("dam\n(northport\n")
    result = needtoknow("try", "match", "--filters", "filters.txt", given=[DAM])
    assert refused(result, "filters.txt, line 2, character ") == []


def test_try_group_names_the_story_of_each_line(needtoknow):
    copy = DAM | {"id": "copy", "title": "Northport dam survives"}
    late = DAM | {"id": "late", "published_at": "2026-03-09T12:00:00+01:00"}
    given = [one | {"published_at": "2026-03-01T12:00:00Z"} for one in (DAM, ORCHESTRA, copy)] + [late]
    assert answers(needtoknow("try", "group", "--jsonl", given=given)) == [
        {"id": "a1", "story": 1},
        {"id": 2, "story": 2},
        {"id": "copy", "story": 1},
        {"id": "late", "story": 3},
    ]


def test_text_no_database_takes_is_no_trouble(needtoknow, tmp_path):
    odd = DAM | {"id": "\ud800", "title": "half \ud83d a pair and nul \0", "text": DAM["text"] + "\udfff\0"}
    (tmp_path / "filters.txt").write_text("dam\n")
    assert [line["story"] for line in answers(needtoknow("try", "group", given=[odd]))] == [1]
    assert len(answers(needtoknow("try", "digest", given=[odd]))) == 1
    (found,) = answers(needtoknow("try", "match", "--filters", "filters.txt", given=[odd]))
    assert [match["filter"] for match in found["matches"]] == ["dam"]


@pytest.mark.parametrize(
    ("room", "bad", "said"),
    [
        (
            "group",
            b"{not json}",
            "not JSON: Expecting property name enclosed in double quotes, character 2",
        ),
        ("group", b"[1, 2]", "expected an object"),
        ("digest", b'{"title": "", "text": " "}', "both empty"),
        ("digest", b'{"title": 5}', '"title" must be a text, and it is 5'),
        ("group", b"\xff\xfe{}", "not JSON"),
        ("group", b"[" * 100_000, "not JSON"),
        ("group", b'{"title": "x", "published_at": "yesterday"}', '"published_at" is no time'),
        ("group", b'{"title": "x", "published_at": "2026-03-01"}', "2026-03-01T00:00:00Z"),
        ("group", b'{"title": "x", "published_at": "0001-01-01T00:00:00Z"}', '"published_at"'),
        ("group", b'{"title": "x", "published_at": "9999-12-31T23:59:59-12:00"}', '"published_at"'),
    ],
)
def test_a_bad_line_is_named_and_the_lines_before_it_are_answered(in_this_process, room, bad, said):
    good = json.dumps(DAM).encode()
    result = in_this_process("try", room, "--jsonl", given=good + b"\n\n" + bad + b"\n" + good)
    assert len(refused(result, "line 3: ", said)) == 1


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    lines = (json.dumps(DAM) + "\n").encode() * 3000
    (tmp_path / "lines").write_bytes(lines)
    command = f"{sys.executable} -m bot try group < {tmp_path}/lines | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
    )
    assert json.loads(done.stdout) == {"id": "a1", "story": 1}
    assert done.stderr == b""
