"""Proposals: each belongs to its chat, and knows the filter that it would change."""

from bot.model import FilterState
from bot.storage import subscribers
from bot.storage.proposals import Proposal, propose, proposed
from tests.storage.builders import NOW, a_subscriber, act


def test_a_proposal_belongs_to_its_chat(database):
    owner, stranger = a_subscriber(database, 1), a_subscriber(database, 2)
    (made,) = act(database, propose, owner.id, ['"a long wish" AND dam'], now=NOW)
    assert made == Proposal(made.id, '"a long wish" AND dam', None)
    assert act(database, proposed, owner.id, made.id) == made
    assert act(database, proposed, stranger.id, made.id) is None
    assert act(database, proposed, owner.id, made.id + 1) is None


def test_several_proposals_keep_their_order_and_the_filter_they_would_change(database):
    owner = a_subscriber(database)
    saved = act(database, subscribers.save_filter, owner.id, "dam", now=NOW).row
    made = act(database, propose, owner.id, ["dam flood", "dam -river"], now=NOW, filter_id=saved.id)
    assert [(one.text, one.filter_id) for one in made] == [("dam flood", saved.id), ("dam -river", saved.id)]
    act(database, subscribers.set_filter, owner.id, saved.id, FilterState.DELETED, now=NOW)
    assert [act(database, proposed, owner.id, one.id) for one in made] == made
