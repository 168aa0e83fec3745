from collections import Counter
from tests.ledger import test_model as m
def test_long(database_url):
    c=Counter()
    from tests.ledger.naive import Pool
    for name in ["bring","take","end","revive","take_back","pay","advance"]:
        def wrap(f=getattr(Pool,name),name=name):
            def g(self,*a,**k):
                c[name]+=1
                if name=="take_back" : c["debt_before"]+= self.debt>0
                return f(self,*a,**k)
            return g
        setattr(Pool,name,wrap())
    ob=Pool.balance
    def bal(self):
        c["steps2"]+=1; c["debt>0"]+=self.debt>0; c["debt&pending"]+= self.debt>0 and any(p.state=="free" for p in self.points); c["graced"]+=any(p.state=="graced" for p in self.points); c['held']+=any(p.state=='held' for p in self.points)
        c["expired-free"]+=any(p.state=="free" and p.expires<=self.now for p in self.points)
        return ob(self)
    Pool.balance=bal
    m.play(database_url,400,60)
    print(c)
