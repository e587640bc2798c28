extension Migration {
    /// Batch; why is said in its comments.
    static let number4 = Migration(number: 4, name: "batch", sql: batchSQL)
}

private let batchSQL = #"""
    -- The one function that writes (GUARANTEES, rule 1).

    -- One command, decided row by row. p_again: its offset lies below the lane's next_offset, so it was decided
    -- before: only what is stored may be told, nothing may come of it anew.
    CREATE FUNCTION chat.decide(
        p_kind smallint, p_room bigint, p_user text, p_message uuid, p_hash bytea, p_body text, p_number bigint,
        p_detail jsonb, p_overdue boolean, p_again boolean, p_now timestamptz, p_operators text[])
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        r chat.room;
        m chat.participant;
        me bigint;
        v_operator boolean := p_user = ANY (p_operators);
    BEGIN
        -- Locked already but for a room that came to be after the batch took its locks.
        SELECT * INTO r FROM chat.room WHERE room_id = p_room FOR NO KEY UPDATE;
        SELECT person INTO me FROM chat.app_user WHERE user_id = p_user;
        IF p_kind <> 6 THEN
            RETURN QUERY SELECT * FROM chat.earlier(p_room, p_message, p_hash, me);
            IF FOUND THEN RETURN; END IF;
        END IF;
        IF p_kind = 7 THEN
            -- What the database cannot keep; the backend knows these words.
            RETURN NEXT chat.refuse(p_room, p_message, p_hash, me, p_now, 'invalid', 'The database cannot keep this.');
            RETURN;
        END IF;
        IF me IS NULL THEN
            RETURN NEXT chat.told_refusal(p_room, 'unauthenticated', 'This person does not exist.');
            RETURN;
        END IF;
        IF p_overdue OR (p_again AND p_kind <> 6) THEN
            RETURN NEXT chat.told_refusal(p_room, 'not_confirmed', 'It came too late to be stored.');
            RETURN;
        END IF;
        IF p_kind = 2 THEN
            RETURN QUERY SELECT * FROM chat.decide_create(p_user, p_message, p_hash, p_detail, p_now, p_operators);
            RETURN;
        END IF;
        SELECT * INTO m FROM chat.participant WHERE room_id = p_room AND user_id = p_user;
        IF r.room_id IS NULL OR r.closed_at IS NOT NULL OR (r.operators_only AND NOT v_operator)
            OR (p_kind = 6 AND m.room_id IS NULL)
        THEN
            IF p_kind = 6 THEN
                RETURN NEXT chat.told_refusal(p_room, 'not_a_member', 'You are not a member of this room.');
            ELSE
                RETURN NEXT chat.refuse(p_room, p_message, p_hash, me, p_now, 'not_a_member',
                                        'You are not a member of this room.');
            END IF;
            RETURN;
        END IF;
        -- createdAt never decreases with seq, whatever the clocks of two backends say.
        r.last_at := greatest(r.last_at, p_now);
        CASE p_kind
        WHEN 1 THEN
            RETURN QUERY SELECT * FROM chat.decide_send(
                r, me, p_user, m.role, m.muted_until, v_operator, p_message, p_hash, p_body, p_number,
                CASE WHEN p_detail IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(p_detail->'mentions')) END);
        WHEN 3 THEN
            RETURN QUERY SELECT * FROM chat.decide_add(
                r, me, p_user, m.role, v_operator, p_message, p_hash,
                ARRAY(SELECT jsonb_array_elements_text(p_detail->'userIds')), p_operators);
        WHEN 4 THEN
            RETURN QUERY SELECT * FROM chat.decide_remove(
                r, me, p_user, m.role, v_operator, p_message, p_hash, p_detail->>'userId');
        WHEN 5 THEN
            RETURN QUERY SELECT * FROM chat.decide_role(
                r, me, m.role, v_operator, p_message, p_hash, p_detail->>'userId', p_detail->>'role');
        WHEN 6 THEN
            RETURN QUERY SELECT * FROM chat.decide_read(r, m, p_message, p_number, p_again);
        END CASE;
    END $$;

    -- Becomes the owner of a partition: whoever owned it before is refused from now on.
    CREATE FUNCTION chat.take_lane(p_incarnation text, p_topic text, p_partition integer, p_start bigint)
    RETURNS TABLE (epoch bigint, next_offset bigint, answered_offset bigint) LANGUAGE sql AS $$
        INSERT INTO chat.lane AS l VALUES (p_incarnation, p_topic, p_partition, 1, p_start, p_start)
        ON CONFLICT (incarnation, topic, partition) DO UPDATE SET epoch = l.epoch + 1
        RETURNING l.epoch, l.next_offset, l.answered_offset
    $$;

    -- Holds the leases until the transaction ends and gives their next_offset, in the order given, which is by topic
    -- and partition. MD001: another one owns a lane.
    CREATE FUNCTION chat.hold_lanes(p_incarnation text, p_topic text[], p_partition integer[], p_epoch bigint[])
    RETURNS bigint[] LANGUAGE plpgsql AS $$
    DECLARE
        v_next bigint[] := '{}';
        l chat.lane;
    BEGIN
        FOR i IN 1 .. cardinality(p_topic) LOOP
            SELECT * INTO l FROM chat.lane
            WHERE incarnation = p_incarnation AND topic = p_topic[i] AND partition = p_partition[i] FOR UPDATE;
            IF l.epoch IS DISTINCT FROM p_epoch[i] THEN
                RAISE EXCEPTION 'another backend owns the lane' USING ERRCODE = 'MD001', DETAIL = i::text;
            END IF;
            v_next := v_next || l.next_offset;
        END LOOP;
        RETURN v_next;
    END $$;

    CREATE FUNCTION chat.move_lanes(
        p_incarnation text, p_topic text[], p_partition integer[], p_next bigint[], p_answered bigint[])
    RETURNS void LANGUAGE sql AS $$
        UPDATE chat.lane l
        SET next_offset = greatest(l.next_offset, n.next), answered_offset = greatest(l.answered_offset, n.answered)
        FROM unnest(p_topic, p_partition, p_next, p_answered) AS n(topic, partition, next, answered)
        WHERE l.incarnation = p_incarnation AND l.topic = n.topic AND l.partition = n.partition
    $$;

    -- Applies a batch in one transaction. p_lane: for each command the place of its lane in p_topic. A room in which
    -- every command is a plain message of a member is written with one statement for all such rooms; the others row
    -- by row.
    CREATE FUNCTION chat.apply_commands(
        p_incarnation text, p_topic text[], p_partition integer[], p_epoch bigint[], p_next bigint[],
        p_answered bigint[], p_now timestamptz, p_operators text[],
        p_lane integer[], p_offset bigint[], p_overdue boolean[], p_kind smallint[], p_room bigint[], p_user text[],
        p_message uuid[], p_hash bytea[], p_body text[], p_number bigint[], p_detail text[])
    RETURNS TABLE (ord integer, outcome smallint, room_id bigint, seq bigint, at timestamptz, detail text)
    LANGUAGE plpgsql
    -- Plans are made once and for tables that grow: only probes by index, whatever the statistics say today.
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
    SET jit = off SET plan_cache_mode = force_generic_plan
    AS $$
    #variable_conflict use_column
    DECLARE
        v_next bigint[];
        v_rooms bigint[];
        v_locked bigint[];
        v_absent bigint[] := '{}';
        v_probes boolean := false;
        v_is_done boolean := false;
        v_ord integer[];
        v_seq bigint[];
        v_at timestamptz[];
        v_slow integer[];
        i integer;
    BEGIN
        v_next := chat.hold_lanes(p_incarnation, p_topic, p_partition, p_epoch);
        PERFORM chat.move_lanes(p_incarnation, p_topic, p_partition, p_next, p_answered);
        IF cardinality(p_room) = 0 THEN RETURN; END IF;

        v_rooms := ARRAY(SELECT DISTINCT unnest(p_room));
        v_locked := ARRAY(SELECT r.room_id FROM chat.room r WHERE r.room_id = ANY (v_rooms)
                          ORDER BY r.room_id FOR NO KEY UPDATE);
        IF cardinality(v_locked) < cardinality(v_rooms) THEN
            -- A room that comes to be from now on is not locked: it counts as absent for the fast way.
            v_absent := ARRAY(SELECT unnest(v_rooms) EXCEPT SELECT unnest(v_locked));
        END IF;

        -- Nearly always every command is new, and the index that is written to says so by itself. Where it says no,
        -- all is taken back and done with a look into it first.
        WHILE NOT v_is_done LOOP
        BEGIN
        -- A new statement, so that it sees what was committed before the locks were had.
        WITH seen AS (
            SELECT b.ord::integer AS ord, b.room_id, b.user_id, b.message_id, b.hash, b.body, b.reply_to, p.person,
                   r.last_seq, greatest(r.last_at, p_now) AS at,
                   coalesce(
                       b.kind = 1 AND b.detail IS NULL AND NOT b.overdue AND b.position >= v_next[b.lane]
                       AND e.seq IS NULL AND a.message_id IS NULL AND p.person IS NOT NULL
                       AND r.closed_at IS NULL AND NOT r.operators_only AND p.muted_until IS NULL
                       AND (r.kind <> 'announce' OR p.role <> 'member')
                       AND (b.reply_to IS NULL OR b.reply_to BETWEEN 1 AND r.last_seq)
                       AND NOT b.room_id = ANY (v_absent), false) AS plain
            FROM unnest(p_lane, p_offset, p_overdue, p_kind, p_room, p_user, p_message, p_hash, p_body, p_number,
                        p_detail)
                WITH ORDINALITY AS b(lane, position, overdue, kind, room_id, user_id, message_id, hash, body, reply_to,
                                     detail, ord)
            LEFT JOIN chat.room r ON r.room_id = b.room_id
            LEFT JOIN chat.participant p ON p.room_id = b.room_id AND p.user_id = b.user_id
            LEFT JOIN chat.event e
                ON e.room_id = b.room_id AND e.message_id = CASE WHEN v_probes THEN b.message_id END
            LEFT JOIN chat.answer a ON a.message_id = b.message_id AND a.room_id = b.room_id
        ), numbered AS MATERIALIZED (
            SELECT s.*, s.last_seq + row_number() OVER in_order AS seq, bool_and(s.plain) OVER in_room AS is_fast
            FROM seen s
            WINDOW in_room AS (PARTITION BY s.room_id), in_order AS (PARTITION BY s.room_id ORDER BY s.ord)
        ), stored AS (
            INSERT INTO chat.event (room_id, seq, created_at, person, message_id, type, body, reply_to, request_hash)
            SELECT n.room_id, n.seq, n.at, n.person, n.message_id, 'MESSAGE', n.body, n.reply_to, n.hash
            FROM numbered n WHERE n.is_fast
        ), moved AS (
            UPDATE chat.room r SET last_seq = f.seq, last_message_seq = f.seq, last_at = f.at
            FROM (SELECT n.room_id, max(n.seq) AS seq, max(n.at) AS at FROM numbered n WHERE n.is_fast
                  GROUP BY n.room_id) f
            WHERE r.room_id = f.room_id
        ), read AS (
            -- What one sends one has read.
            UPDATE chat.participant p SET last_read_seq = f.seq
            FROM (SELECT n.room_id, n.user_id, max(n.seq) AS seq FROM numbered n WHERE n.is_fast
                  GROUP BY n.room_id, n.user_id) f
            WHERE p.room_id = f.room_id AND p.user_id = f.user_id
        )
        SELECT array_agg(n.ord) FILTER (WHERE n.is_fast), array_agg(n.seq) FILTER (WHERE n.is_fast),
               array_agg(n.at) FILTER (WHERE n.is_fast), array_agg(n.ord ORDER BY n.ord) FILTER (WHERE NOT n.is_fast)
        INTO v_ord, v_seq, v_at, v_slow
        FROM numbered n;
        v_is_done := true;
        EXCEPTION WHEN unique_violation THEN
            IF v_probes THEN RAISE; END IF;
            v_probes := true;
            -- An id that is there twice in the batch itself is decided one after the other.
            v_absent := v_absent || ARRAY(SELECT d.room_id FROM unnest(p_room, p_message) AS d(room_id, message_id)
                                          GROUP BY d.room_id, d.message_id HAVING count(*) > 1);
        END;
        END LOOP;

        RETURN QUERY SELECT f.ord, 0::smallint, NULL::bigint, f.seq, f.at, NULL::text
                     FROM unnest(v_ord, v_seq, v_at) AS f(ord, seq, at);
        IF v_slow IS NULL THEN RETURN; END IF;
        FOREACH i IN ARRAY v_slow LOOP
            RETURN QUERY SELECT i, d.* FROM chat.decide(
                p_kind[i], p_room[i], p_user[i], p_message[i], p_hash[i], p_body[i], p_number[i], p_detail[i]::jsonb,
                p_overdue[i], p_offset[i] < v_next[p_lane[i]], p_now, p_operators) d;
        END LOOP;
    END $$;
    """#
