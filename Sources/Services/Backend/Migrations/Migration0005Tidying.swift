extension Migration {
    /// Tidying; why is said in its comments.
    static let number5 = Migration(number: 5, name: "tidying", sql: tidyingSQL)
}

private let tidyingSQL = #"""
    -- What is done in the background, a little at a time: a large room is not erased in the batch that closes it.

    ALTER TABLE chat.room ADD COLUMN erased_at timestamptz;
    CREATE INDEX room_to_erase ON chat.room (room_id) WHERE closed_at IS NOT NULL AND erased_at IS NULL;
    CREATE INDEX answer_by_time ON chat.answer (at);

    -- Erases texts of closed rooms (their seqs stay), and forgets answers that nobody can ask for any more: to commands
    -- without an idempotency key that are a week old, where not-after refuses everything else. At most p_rows of each.
    CREATE FUNCTION chat.tidy(p_now timestamptz, p_rows integer) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        v_room bigint;
        v_count bigint := 0;
        v_rows bigint;
    BEGIN
        -- One lane at a time; the others have nothing to do here.
        IF NOT pg_try_advisory_xact_lock(77611262) THEN RETURN 0; END IF;
        SELECT room_id INTO v_room FROM chat.room WHERE closed_at IS NOT NULL AND erased_at IS NULL
        ORDER BY room_id LIMIT 1;
        IF FOUND THEN
            UPDATE chat.event e SET body = NULL, mentions = NULL
            FROM (SELECT seq FROM chat.event WHERE room_id = v_room AND (body IS NOT NULL OR mentions IS NOT NULL)
                  ORDER BY seq LIMIT p_rows) old
            WHERE e.room_id = v_room AND e.seq = old.seq;
            GET DIAGNOSTICS v_rows = ROW_COUNT;
            v_count := v_count + v_rows;
            IF v_rows < p_rows THEN UPDATE chat.room SET erased_at = p_now WHERE room_id = v_room; END IF;
        END IF;
        DELETE FROM chat.answer a USING (
            SELECT message_id, room_id FROM chat.answer
            WHERE at < p_now - interval '7 days' AND request_hash IS NULL ORDER BY at LIMIT p_rows) old
        WHERE a.message_id = old.message_id AND a.room_id = old.room_id;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        RETURN v_count + v_rows;
    END $$;
    """#
