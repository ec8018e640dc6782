"""Units (a tree with its closure), people (names first), their accounts and grants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.access.rules import Role
from tracker.core.db import Base, code, length_check


class Unit(Base):
    """An organ, department or branch."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("parent_id", "name"),
        length_check("name", 80),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    path: Mapped[str] = mapped_column(String(800), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")
    __mapper_args__ = {"version_id_col": version}


class UnitAncestor(Base):
    """Every unit with each of its ancestors and itself (distance 0)."""

    __tablename__ = "unit_ancestor"
    __table_args__ = (Index(None, "ancestor_id", "unit_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    distance: Mapped[int]


class Person(Base):
    """A person: a plain name typed into a list at first, bound to an account later."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "name"), length_check("name", 40), length_check("mail", 200))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    mail: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(2), default="zh")
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    account: Mapped["Account | None"] = relationship(back_populates="person")
    grants: Mapped[list["Grant"]] = relationship(back_populates="person", order_by="Grant.id")
    __mapper_args__ = {"version_id_col": version}


class Account(Base):
    """The means to sign in. ``session_key`` is renewed to end all sessions at once."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("login"), length_check("login", 40))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    code_hash: Mapped[str] = mapped_column(String(200), default="")
    code_expires_at: Mapped[datetime | None]
    session_key: Mapped[str] = mapped_column(String(64))
    is_active: Mapped[bool] = mapped_column(default=True)
    signed_in_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="account")


class Grant(Base):
    """A role granted in a unit; it reaches everything below."""

    __tablename__ = "granted_role"
    __table_args__ = (UniqueConstraint("person_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(code(Role, "role"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)

    person: Mapped[Person] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship()


class SignInTries(Base):
    """Wrong tries in a row with one sign-in name, whether or not an account bears it: both are refused alike."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index(None, "tried_at"), length_check("login", 40))

    login: Mapped[str] = mapped_column(String(40), primary_key=True)
    wrong: Mapped[int]
    tried_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Substitute(Base):
    """Who stands in for somebody absent, from one day to another, both included (AB角).

    It ends by itself with its last day; ``ended_at`` is filled when somebody ended it earlier.
    """

    __tablename__ = "substitute"
    __table_args__ = (
        Index(None, "absent_id", "until"),
        Index(None, "person_id", "until"),
        CheckConstraint("until >= since", name="until_after"),
        CheckConstraint("person_id <> absent_id", name="not_oneself"),
        length_check("reason", 200),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    absent_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    absent: Mapped[Person] = relationship(foreign_keys=absent_id)
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    named_by: Mapped[Person | None] = relationship(foreign_keys=named_by_id)
