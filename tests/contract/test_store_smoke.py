from credit.model.party import *
async def test_x(store):

    async def work(u):
        await u.parties.find(["91512002MAF0000126"])
        await u.parties.save([("k1",Party(PartyId("91512002MAF0000126"),PartyKind.ORGANISATION,"甲"),["91512002MAF0000126","org:MAF000012"])])
        u.announce("x","y",[PartyId("91512002MAF0000126")])
        return u.tick
    t=await store.writes.write(work)
    h=await store.browser.party("org:MAF000012")
    assert h.party.name=="甲" and h.revision==t
    f=await store.facts.gather(["org:MAF000012"],project_no=None,known=None,cut_off=None)
    print(f)
    assert f.known==t
    n=await store.browser.neighbourhood(PartyId("91512002MAF0000126"),depth=2,limit=10)
    print(n)
