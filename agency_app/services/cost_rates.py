"""What an hour of each member costs the agency, from a day on: read and set by owner and finance alone."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from agency_app.services.actor import Actor, acting, record
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.services.start_client import HIGHEST_AMOUNT
from agency_app.store import costs, people
from agency_app.store.engine import reading
from agency_app.tables import CostRate, Member
from agency_app.tables.base import now

MAY_SEE_COSTS = ("owner", "finance")


@dataclass(frozen=True)
class CostsRead:
    """The members with their cost rates, newest first, in 1/10000 of the currency unit per hour."""

    today: date
    currency: str
    members: list[tuple[Member, list[CostRate]]]

    def seen(self, member_id: str) -> int:
        """Return how often a member's rates were set, by what was read."""
        return next((change_count(rates) for member, rates in self.members if member.id == member_id), 0)


def read_costs(actor: Actor) -> CostsRead:
    """Return what the active members cost. Raises NotAllowed by role."""
    if actor.role not in MAY_SEE_COSTS:
        raise NotAllowed("Only an owner or finance sees what members cost.")
    with reading() as session:
        rates = costs.cost_rates(session, actor.workspace_id)
        workspace = people.workspace(session, actor.workspace_id)
        return CostsRead(
            now().astimezone(ZoneInfo(workspace.zone)).date(),
            workspace.currency,
            [
                (member, [rate for rate in reversed(rates) if rate.member_id == member.id])
                for member in people.members(session, actor.workspace_id)
                if member.active
            ],
        )


def set_cost_rate(actor: Actor, member_id: str, starts_on: date, rate: int, seen: int) -> CostRate:
    """Set what an hour of a member costs from a day on; the days before keep theirs.

    `seen` is how often this member's rates were set by what the actor saw (`CostsRead.seen`). Raises NotAllowed by
    role, NotFound for an unknown member, Stale when somebody set them since, Refused for a day or an amount without
    sense.
    """
    in_kept_days(starts_on, "starts_on", "a first day")
    if not 0 <= rate <= HIGHEST_AMOUNT:
        raise Refused(f"An hour costs from 0 to {HIGHEST_AMOUNT // 10_000}.", "rate")
    with acting(actor, *MAY_SEE_COSTS) as session:
        if all(member.id != member_id for member in people.members(session, actor.workspace_id)):
            raise NotFound("That member is not in this workspace.", "member")
        rates = [one for one in costs.cost_rates(session, actor.workspace_id) if one.member_id == member_id]
        if change_count(rates) != seen:
            raise Stale("Somebody changed what this member costs meanwhile. It is shown as it is now; save again.")
        row = next((one for one in rates if one.starts_on == starts_on), None)
        before = row.model_copy() if row else None
        if row is None:
            row = CostRate(workspace_id=actor.workspace_id, member_id=member_id, starts_on=starts_on, rate=rate)
        else:
            row.rate, row.version = rate, row.version + 1
        session.add(row)
        session.flush()
        record(session, actor, "set_cost_rate", row.id, before=before, after=row)
        return row


def change_count(rates: list[CostRate]) -> int:
    """Return how often the rates of a member were set."""
    return sum(rate.version for rate in rates)
