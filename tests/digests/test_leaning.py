import pytest

from bot.digests.leaning import leans


@pytest.mark.parametrize(
    "text",
    [
        "The company said that the dam was safe.",
        "The two-year-old startup said Thursday it had raised $9 million.",
        "The study comprised 68 people who live near the dam.",
        "The agency aims to provide water.",
        "The dam is safe, the agency said.",
        "For towns downstream, these techniques should help.",
        "Bo Lind criticised this dam design in March.",
        "Warning: This text tells how the film ends.",
        "Bo Lind: Gosh, the dam was tall.",
        "Check out the dams below.",
        "Be sure to visit the dam at Elsin.",
        "As of May 2025, her reporting for the Post focuses on dams.",
        "In March, he opened the dam.",
        "“The dam has been safe for forty years,” which is long.",
        "The Mountain View, California-headquartered company sells water.",
        "The brand, which sells dams, lost money.",
        "If all goes well, the company hopes to build another dam.",
        "Each one is a copy of the first dam.",
        "Two years later, none of that is left.",
        "There is a dam for that!",
        "Bo Lind has been covering dams since 2012.",
        "When Bo isn’t hunting for dams, he sleeps.",
        "This review contains spoilers for the film about the dam.",
    ],
)
def test_what_only_its_article_explains_leans(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "The company behind the dam, Damco, lost money.",
        "The study of 68 people, led by Bo Lind, ends in May.",
        "Damco lost money, the company said.",
        "The company, Damco, lost money.",
        "Damco hopes that the company will grow.",
        "All that remains of the dam is a wall.",
        "This week, the council of Elsin meets.",
        "Those who live near the dam must leave.",
        "The council of Elsin said on Monday that in the long run these techniques help.",
        "Legacy of Stone: The First Dam opens in May.",
        "In his speech, Bo Lind praised the dam.",
        "A man who lost his dog at the dam found it.",
        "Share prices fell by 5 percent.",
        "Use of water rose by 5 percent.",
        "“The dam has been safe for forty years,” Bo Lind said.",
        "Bo Lind directed “The Dam That Broke the Town of Elsin,” a film.",
    ],
)
def test_what_says_all_that_is_needed_does_not(text):
    assert not leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "The data indicated that fewer people cross.",
        "The program invests in boats.",
        "Elsin is no harbour, though.",
        "The celebration was short.",
        "Last month, for example, Damco sold two boats.",
        "Later that year, Bo Lind left Damco.",
        "Wexford Shipping said the agency erred in May.",
        "Brokers downgraded the company on Monday.",
        "Initially made of LLMs, the company has grown.",
        "Further down are the boats of Elsin.",
    ],
)
def test_a_noun_whose_bearer_nobody_has_named_leans(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "In May, Damco said what the company owes.",
        "In May, the Harbour Administration said that the agency erred.",
        "In May, the FDA said the agency erred.",
        "The boat service resumes on Tuesday.",
        "Damco executives have not said when the company expects a profit.",
    ],
)
def test_a_noun_whose_bearer_stands_before_it_does_not(text):
    assert not leans(text)
