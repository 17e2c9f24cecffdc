"""exploration"""
import string
import pytest
from bot.alerts.language import parse
from bot.delivery.render import LIMIT, units
from bot.storage.tables import filters as _f
from tests.chat.test_why import told, ask
from tests.chat.test_whynot import a_story, follow

PAIRS=[a+b for a in string.ascii_lowercase for b in string.ascii_lowercase]
NEAR=[" ".join(f"\"q{PAIRS[r*25+i]} z\"~5" for i in range(24))[:200] for r in range(8)]
NEAR=[" ".join(f"\"q{PAIRS[r*25+i]} z\"~5" for i in range(24))[:200] for r in range(8)]
GIANT=[' OR '.join(f'({PAIRS[i*2+r]} {PAIRS[i*2+1]})' for i in range(50)) for r in range(3)]

async def test_list(chat):
    await chat.say('/start')
    chat.follow(*NEAR)
    out = await chat.say('/filters')
    print([units(o) for o in out], out[0][:100])

async def test_preview(chat):
    for n in range(3):
        chat.story(f'{PAIRS[n]} {PAIRS[0]} {PAIRS[1]}')
    for g in [*GIANT[:1], NEAR[0], ' OR '.join(f'"{p[0]} {p[1]}"~5' for p in PAIRS[:45]), 'zz OR yy '+' OR '.join(f'(={p} =q{p})' for p in PAIRS[:48])]:
        out = await chat.say('/follow '+g)
        print(len(g),[units(o) for o in out], out[0][:100])
        try:
            print('toast', await chat.press('Save'), units(chat.shown()))
        except AssertionError as e: print(e)
        (o,) = await chat.say('/follow '+g.replace('(','(vv ',1))
        for b in ('Narrow','Widen'):
            try: print(b, await chat.press(b), units(chat.shown()), chat.buttons()); await chat.press('Back')
            except AssertionError as e: print(e)

async def test_whynot(chat):
    await chat.say('/start')
    link = a_story(chat)
    follow(chat, *GIANT)
    out = await chat.say(f'/whynot {link}')
    print([units(o) for o in out], out[0][:300])

async def test_whynot2(chat):
    await chat.say('/start')
    link = a_story(chat)
    follow(chat, *NEAR[:3])
    out = await chat.say(f'/whynot {link}')
    print([units(o) for o in out], out[0][:300])

async def test_why(chat):
    near=[" OR ".join(f"\"{c} {d}\"~5" for c in "bcdf"[r:r+2] for d in "ghjklm")[:119] for r in range(3)]; near=[n[:n.rindex("~")+2] for n in near]
    near=[" OR ".join(f"\"{c} {d}\"~5" for c in "bcdf"[r:r+2] for d in "ghjklm")[:119] for r in range(3)]; near=[n[:n.rindex("~")+2] for n in near]
    alert = await told(chat, *near, title=' '.join(string.ascii_lowercase), text='x '*200, topics={f"t{n}": "why " * 60 for n in range(9)})
    await ask(chat, alert)
    print(units(chat.shown()))
    await chat.press("Exclude")
    print(units(chat.shown()), chat.shown()[-100:])
    await chat.press("Pause the filter 2")
    print(units(chat.shown()), chat.shown()[-100:])

@pytest.mark.parametrize('text', ['/start f_\x00','/start f_'+'x'*4000,'/start f_\ud83d','/follow a\x00b','/follow a \ud83d','/follow "a \ud83d b"','/mute a\ud83d','/mute \x00','/mute source:a\x00b','/clock \x00','/clock \ud83d','/clock '+'9'*90,'/whynot http://a.b/\x00','/whynot http://a.b/\ud83d x','/whynot https://[::1/x','/whynot https://a.b/%00','/follow source:\x00','/follow about:"\x00"','hello \ud83d world', '/mute '+'x'*4000, '/mute "'+'a '*499+'"','/mute source:'+'x'*900, '/follow lang:\x00', '/follow topic:\x00'])
async def test_texts(chat, text):
    try: out = await chat.say(text)
    except UnicodeEncodeError: print('cannot be sent'); return
    print(repr(text[:40]), [o[:90] for o in out])
    if out and 'How long' in out[-1]:
        print(await chat.press('A day'), chat.shown()[:100])
        print((await chat.say('/filters'))[0][-100:])
