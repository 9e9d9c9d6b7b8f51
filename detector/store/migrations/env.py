"""Runs migrations on the connection that `detector.store.opening` hands over; there is no alembic.ini."""

from alembic import context

from detector.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # The caller's transaction: tables are of the new version whole, or not at all.
    transactional_ddl=False,
)
context.run_migrations()
