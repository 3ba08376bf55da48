"""The rules of the choice movement said once more, plainly: day by day, place by place, straight from the scenario.

Slow and readable: the oracle of the compiled passes. `law` says what happens to a number of people: Expected takes
shares, Drawn draws whole people from numpy's own generator.
"""

from collections import defaultdict
from datetime import timedelta

import numpy as np

from onward.engines.flows.parameters import Amount
from onward.engines.flows.scenario import Cohort, Link, Place, Scenario


class Expected:
    """Shares of people, so that the walk gives expectations."""

    def some(self, people, chance, _concentration):
        return people * chance

    def split(self, people, weights, _concentration):
        total = sum(weights.values())
        return {name: people * weight / total for name, weight in weights.items()}

    def each(self, people, chance):
        return people * chance

    def inflow(self, mean, _size):
        return mean

    def seats(self, seats):
        return seats


class Drawn:
    """Whole people, drawn one step after another."""

    def __init__(self, seed):
        self.generator = np.random.default_rng(seed)

    def some(self, people, chance, concentration):
        if people == 0 or chance <= 0:
            return 0
        return self.generator.binomial(
            people, self.generator.beta(chance * concentration, (1 - chance) * concentration)
        )

    def split(self, people, weights, concentration):
        names = [name for name, weight in weights.items() if weight > 0]
        shares = np.array([weights[name] for name in names])
        drawn = self.generator.dirichlet(concentration * shares / shares.sum())
        counts = self.generator.multinomial(people, drawn)
        return {**dict.fromkeys(weights, 0), **dict(zip(names, (int(n) for n in counts), strict=True))}

    def each(self, people, chance):
        return self.generator.binomial(people, chance)

    def inflow(self, mean, size):
        return self.generator.poisson(self.generator.gamma(size) * mean / size)

    def seats(self, seats):
        return int(seats) + int(self.generator.random() < seats - int(seats))


def _value(amount: Amount) -> float:
    assert not amount.parameter, "the plain walk reads fixed numbers only"
    return amount.value


def _holds(record, day) -> bool:
    return record.since <= day and (record.until is None or day < record.until)


def _ahead(record, day) -> bool:
    never = record.until is not None and record.until <= record.since
    return record.announced is not None and not never and record.announced <= day < record.since


class Walk:
    """One walk through a scenario; `counts` holds every series by name and day."""

    def __init__(self, scenario: Scenario, law) -> None:
        self.scenario, self.law = scenario, law
        self.place = {place.id: place for place in scenario.places}
        self.here = defaultdict(int)
        self.under_way: list[tuple[int, str, Cohort, float]] = []
        self.counts = defaultdict(lambda: np.zeros(scenario.period.days))
        self.entered = self.settled = self.left = 0
        for place in scenario.places:
            for cohort in scenario.cohorts:
                self.here[self._last(place), cohort.id] += self._whole(place, cohort)
        self.entered = sum(self.here.values())

    def _whole(self, place: Place, cohort: Cohort) -> int:
        exact = [round(place.start) * other.share for other in self.scenario.cohorts]
        whole = [int(number) for number in exact]
        order = sorted(range(len(exact)), key=lambda n: (whole[n] - exact[n], n))
        for n in order[: round(place.start) - sum(whole)]:
            whole[n] += 1
        return whole[self.scenario.cohorts.index(cohort)]

    def _site(self, place: Place, number: int) -> str:
        name = place.stages[number].name
        return f"{place.id}/{name}" if name else place.id

    def _last(self, place: Place) -> str:
        return self._site(place, len(place.stages) - 1)

    def _sites(self):
        for place in self.scenario.places:
            for number in range(len(place.stages)):
                yield place, number, self._site(place, number)

    def run(self):
        for day in range(self.scenario.period.days):
            self._day(day)
        return self.counts

    def _day(self, number: int) -> None:
        today = self.scenario.period.start + timedelta(days=number)
        self._come_in(number, today)
        for inflow in self.scenario.inflows:
            self._flow_in(inflow, number, today)
        draw = self._draws(today)
        ahead, wishes = defaultdict(int), defaultdict(lambda: defaultdict(int))
        for place, stage, site in self._sites():
            for cohort in self.scenario.cohorts:
                people = self.here[site, cohort.id]
                if people > 0:
                    self._decide((place, stage, site, cohort), people, (number, today), draw, ahead, wishes)
        self._set_out(number, today, wishes, ahead)
        self.here = ahead
        self._count(number, today)

    def _come_in(self, number, today) -> None:
        turned = {
            link
            for closure in self.scenario.closures
            if closure.returns_in_transit and closure.since == today and _holds(closure, today)
            for link in closure.links
        }
        links, still = {link.id: link for link in self.scenario.links}, []
        for due, name, cohort, people in self.under_way:
            if name in turned:
                self.here[self._start(links[name]), cohort.id] += people
            elif due == number:
                self._arrive(links[name], cohort, people, number, self.here)
            else:
                still.append((due, name, cohort, people))
        self.under_way = still

    def _start(self, link: Link) -> str:
        return self._last(self.place[link.start]) if link.start in self.place else link.start

    def _end(self, link: Link) -> str:
        return self._site(self.place[link.end], 0) if link.end in self.place else link.end

    def _arrive(self, link, cohort, people, number, into) -> None:
        site = self._end(link)
        into[site, cohort.id] += people
        self.counts[f"arrivals:{site.partition('/')[0]}"][number] += people
        if "/" in site:
            self.counts[f"arrivals:{site}"][number] += people

    def _flow_in(self, inflow, number, today) -> None:
        shares = dict(inflow.cohorts) or {cohort.id: cohort.share for cohort in self.scenario.cohorts}
        for rule in self.scenario.rules:
            factor = _value(rule.factor) if _holds(rule, today) else 1.0
            factor *= _value(rule.anticipation) if _ahead(rule, today) else 1.0
            for cohort in shares:
                if inflow.id in rule.inflows and (not rule.cohorts or cohort in rule.cohorts):
                    shares[cohort] *= factor
        total = sum(shares.values())
        people = self.law.inflow(_value(inflow.level) * total, _value(inflow.dispersion))
        site = inflow.place if "/" in inflow.place else self._site(self.place[inflow.place], 0)
        parts = self.law.split(people, shares, 1e15) if total > 0 else dict.fromkeys(shares, 0)
        for cohort, part in parts.items():
            self.here[site, cohort] += part
        place = site.partition("/")[0]
        self.entered += people
        for name in {f"inflow:{place}", f"arrivals:{place}", f"arrivals:{site}"}:
            self.counts[name][number] += people

    def _limit(self, place: Place, name: str, today) -> float:
        limits = [getattr(place, name)]
        for change in self.scenario.capacities:
            if change.place == place.id and _holds(change, today):
                limits.append(getattr(change, name))
        given = [_value(limit) for limit in limits if limit is not None]
        return given[-1] if given else np.inf

    def _draws(self, today) -> dict[str, float]:
        draws = {}
        for place in self.scenario.places:
            capacity = self._limit(place, "capacity", today)
            people = sum(n for (site, _), n in self.here.items() if site.partition("/")[0] == place.id)
            draws[place.id] = 1 / (1 + (people / capacity) ** 8)
        return draws

    def _weights(self, cohort, today):
        """Weight of every link, and of waiting at the start of links that are closed."""
        effects = {name: _value(effect) for name, effect in self.scenario.effects}
        weights, waits = {}, defaultdict(float)
        for link in self.scenario.links:
            end = self.place[link.end.partition("/")[0]]
            bent = sum(value * effects[name] for name, value in link.features) - link.cost * _value(cohort.cost_effect)
            weight = _value(link.weight) * _value(end.attraction) * np.exp(bent)
            weight *= _value(dict(cohort.attraction).get(end.id, Amount(1.0)))
            running = [p for p in self.scenario.programmes if p.link == link.id and self._offered(p, today) > 0]
            for programme in running:
                weight *= _value(programme.weight)
            is_shut = (link.programme_only and not running) or (link.cohorts and cohort.id not in link.cohorts)
            weights[link.id] = 0.0 if is_shut else weight
        for rule in self.scenario.rules:
            for name in rule.links if not rule.cohorts or cohort.id in rule.cohorts else ():
                weights[name] *= _value(rule.factor) if _holds(rule, today) else 1.0
                weights[name] *= _value(rule.anticipation) if _ahead(rule, today) else 1.0
        starts = {link.id: self._start(link) for link in self.scenario.links}
        for closure in self.scenario.closures:
            for name in closure.links:
                weights[name] *= _value(closure.anticipation) if _ahead(closure, today) else 1.0
            age = (today - closure.since).days + 1
            strength = (1 - np.exp(-age / closure.fade_days)) if closure.fade_days else 1.0
            for name in closure.links if _holds(closure, today) else ():
                taken = weights[name] * strength * (1 - _value(closure.leak))
                weights[name] -= taken
                waits[starts[name]] += _value(closure.waits) * taken
                if closure.substitute:
                    weights[closure.substitute] += _value(closure.substitution) * taken
        return weights, waits

    def _offered(self, programme, today) -> float:
        if not _holds(programme, today):
            return 0.0
        return max(((since, seats) for since, seats in programme.seats if since <= today), default=(None, 0.0))[1]

    def _decide(self, who, people, when, draw, ahead, wishes) -> None:
        place, stage, site, cohort = who
        number, today = when
        hazard = 1 / (_value(place.stages[stage].stay_days) * _value(cohort.stay))
        for rule in self.scenario.rules:
            is_meant = {place.id, site} & set(rule.places) and (not rule.cohorts or cohort.id in rule.cohorts)
            hazard *= _value(rule.factor) if is_meant and _holds(rule, today) else 1.0
        go = self.law.some(people, 1 - np.exp(-hazard), _value(self.scenario.noise.leave))
        options, weights = self._options(place, stage, site, cohort, today, draw)
        chosen = dict.fromkeys(options, 0)
        if go > 0 and sum(options.values()) > 0:
            chosen = self.law.split(go, options, _value(self.scenario.noise.choose))
            go -= chosen["waits"]
            waits = chosen.pop("waits")
        else:
            waits, go = go, 0
            chosen.pop("waits")
        self.counts[f"settled:{place.id}"][number] += chosen.pop("settle", 0)
        self.counts[f"left:{place.id}"][number] += chosen.pop("leave", 0)
        self._strand(site, waits, number)
        stay = people - go
        for name in chosen:
            hazard = sum(
                _value(p.induced) for p in self.scenario.programmes if p.link == name and self._offered(p, today)
            )
            hazard += sum(_value(r.chance) for r in self.scenario.returns if r.link == name and _holds(r, today))
            drawn = self.law.some(stay, 1 - np.exp(-hazard), _value(self.scenario.noise.leave)) if weights[name] else 0
            wishes[name][cohort.id] += chosen[name] + drawn
            stay -= drawn
        ahead[site, cohort.id] += stay

    def _options(self, place, stage, site, cohort, today, draw):
        weights, waits = self._weights(cohort, today)
        options = {"waits": waits[site]}
        if stage < len(place.stages) - 1:
            options[f"step {site}"] = weights[f"step {site}"] = 1.0
        else:
            options |= {"settle": _value(place.settle), "leave": _value(place.leave)}
        for link in self.scenario.links:
            if self._start(link) == site:
                options[link.id] = weights[link.id] * draw[link.end.partition("/")[0]]
        return options, weights

    def _strand(self, site, people, number) -> None:
        self.counts[f"stranded:{site.partition('/')[0]}"][number] += people
        if "/" in site:
            self.counts[f"stranded:{site}"][number] += people

    def _set_out(self, number, today, wishes, ahead) -> None:
        cohorts = {cohort.id: cohort for cohort in self.scenario.cohorts}
        ways = {link.id: (self._start(link), link) for link in self.scenario.links}
        for place, stage, site in self._sites():
            if stage < len(place.stages) - 1:
                end = self._site(place, stage + 1)
                ways[f"step {site}"] = (site, Link(f"step {site}", site, end, days=0, seats=place.stages[stage].seats))
        for name, wish in wishes.items():
            start, link = ways[name]
            wanted = sum(wish.values())
            aboard = min(1.0, self._seats(link, today) / wanted) if wanted > 0 else 1.0
            whole = self._share_out(wish, aboard, wanted) if isinstance(self.law, Drawn) else None
            for cohort, people in wish.items():
                gone = whole[cohort] if whole is not None else people * aboard
                back = self._turned_back(link, cohort, gone, today)
                ahead[start, cohort] += people - gone + back
                self._strand(start, back, number)
                self.counts[f"waiting:{link.id.removeprefix('step ')}"][number] += people - gone
                self.counts[f"departures:{link.id}"][number] += gone
                self._travel(link, cohorts[cohort], gone - back, number, ahead)

    def _share_out(self, wish, aboard, wanted):
        """Seats in proportion, whole: what is over goes to the largest remainders."""
        seats = round(aboard * wanted)
        whole = {cohort: int(people * aboard) for cohort, people in wish.items()}
        for cohort in sorted(wish, key=lambda c: whole[c] - wish[c] * aboard)[: seats - sum(whole.values())]:
            whole[cohort] += 1
        return whole

    def _seats(self, link, today) -> float:
        if link.seats is None and not link.programme_only:
            return np.inf
        seats = 0.0 if link.seats is None else _value(link.seats)
        offered = [(self._offered(p, today), p) for p in self.scenario.programmes if p.link == link.id]
        return self.law.seats(seats + sum(n * _value(p.fill) for n, p in offered))

    def _turned_back(self, link, cohort, gone, today):
        passed = 1.0
        for rule in self.scenario.rules:
            if _holds(rule, today) and link.id in rule.links and (not rule.cohorts or cohort in rule.cohorts):
                passed *= 1 - _value(rule.turned_back)
        return self.law.each(gone, 1 - passed) if passed < 1 else 0

    def _travel(self, link, cohort, people, number, ahead) -> None:
        rest = people
        shares = link.day_shares or (1.0,)
        for k, share in enumerate(shares):
            left = sum(shares[k:])
            part = rest if k == len(shares) - 1 else self.law.each(rest, min(1.0, share / left))
            rest -= part
            if link.days + k > 0:
                self.under_way.append((number + link.days + k, link.id, cohort, part))
            elif link.id.startswith("step "):
                ahead[link.end, cohort.id] += part
                self.counts[f"arrivals:{link.end}"][number] += part
            else:
                self._arrive(link, cohort, part, number, ahead)

    def _count(self, number, today) -> None:
        for place in self.scenario.places:
            people = sum(n for (site, _), n in self.here.items() if site.partition("/")[0] == place.id)
            self.counts[f"present:{place.id}"][number] = people
            self.counts[f"unmet:{place.id}"][number] = max(0, people - self._limit(place, "beds", today))
            self.settled += self.counts[f"settled:{place.id}"][number]
            self.left += self.counts[f"left:{place.id}"][number]
        for _, _, site in self._sites():
            if "/" in site:
                self.counts[f"present:{site}"][number] = sum(n for (s, _), n in self.here.items() if s == site)
        totals = self.entered, sum(self.here.values()), sum(n for *_, n in self.under_way), self.settled, self.left
        for name, total in zip(("entered", "present", "travelling", "settled", "left"), totals, strict=True):
            self.counts[name][number] = total
