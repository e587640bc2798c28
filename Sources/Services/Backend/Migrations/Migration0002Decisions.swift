extension Migration {
    /// Decisions; why is said in its comments.
    static let number2 = Migration(number: 2, name: "decisions", sql: decisionsSQL)
}

private let decisionsSQL = #"""
    -- What becomes of one command, row by row. Every function here runs inside chat.apply_commands, which holds the
    -- lane's lease and the locks of the rooms.

    -- The id of the n-th further event of one command: UUIDv8 of SHA-256 (RFC 9562 section 5.8).
    CREATE FUNCTION chat.derived_id(p_message uuid, p_n integer) RETURNS uuid
    LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
        d bytea := substring(sha256(convert_to('madang-event|' || p_message || '|' || p_n, 'UTF8')) FROM 1 FOR 16);
    BEGIN
        d := set_byte(d, 6, (get_byte(d, 6) & 15) | 128);
        d := set_byte(d, 8, (get_byte(d, 8) & 63) | 128);
        RETURN encode(d, 'hex')::uuid;
    END $$;

    -- One row of what came of a command. outcome: 0 an event, 1 refused, 2 nothing changed, 3 a room was made, 4 a
    -- read position moved to seq. detail: JSON that the backend puts in words; null for an event that is as its
    -- command says.
    CREATE TYPE chat.outcome AS (outcome smallint, room_id bigint, seq bigint, at timestamptz, detail text);

    -- Stored events as outcomes.
    CREATE FUNCTION chat.told_events(p_room bigint, p_first bigint, p_last bigint) RETURNS SETOF chat.outcome
    LANGUAGE sql STABLE AS $$
        SELECT 0::smallint, e.room_id, e.seq, e.created_at, jsonb_strip_nulls(jsonb_build_object(
            'type', e.type, 'messageId', e.message_id, 'userId', u.user_id, 'message', e.body, 'replyTo', e.reply_to,
            'mentions', (SELECT jsonb_agg(w.user_id ORDER BY m.n) FROM unnest(e.mentions) WITH ORDINALITY m(person, n)
                         JOIN chat.app_user w ON w.person = m.person),
            'targetId', t.user_id, 'role', e.role, 'roomName', e.room_name, 'targetSeq', e.target_seq))::text
        FROM chat.event e
        JOIN chat.app_user u ON u.person = e.person
        LEFT JOIN chat.app_user t ON t.person = e.target_person
        WHERE e.room_id = p_room AND e.seq BETWEEN p_first AND p_last
        ORDER BY e.seq
    $$;

    -- The making of a room as an outcome, as it was then.
    CREATE FUNCTION chat.told_room(p_room bigint) RETURNS SETOF chat.outcome
    LANGUAGE sql STABLE AS $$
        SELECT 3::smallint, r.room_id, NULL::bigint, r.created_at, jsonb_build_object(
            'roomName', r.first_name, 'kind', r.kind, 'operatorsOnly', r.operators_only,
            'members', (SELECT jsonb_agg(u.user_id ORDER BY m.n)
                        FROM unnest(r.first_members) WITH ORDINALITY m(person, n)
                        JOIN chat.app_user u ON u.person = m.person))::text
        FROM chat.room r WHERE r.room_id = p_room
    $$;

    CREATE FUNCTION chat.told_refusal(p_room bigint, p_code text, p_words text) RETURNS chat.outcome
    LANGUAGE sql IMMUTABLE AS $$
        SELECT ROW(1::smallint, p_room, NULL::bigint, NULL::timestamptz,
                   json_build_object('code', p_code, 'message', p_words)::text)::chat.outcome
    $$;

    -- What was answered before to the same command; no row where it is new. Another content or another person under the
    -- same id is refused.
    CREATE FUNCTION chat.earlier(p_room bigint, p_message uuid, p_hash bytea, p_person bigint)
    RETURNS SETOF chat.outcome LANGUAGE plpgsql STABLE AS $$
    DECLARE
        a chat.answer;
        e record;
    BEGIN
        SELECT * INTO a FROM chat.answer WHERE message_id = p_message AND room_id = p_room;
        IF NOT FOUND THEN
            SELECT seq, person, request_hash INTO e FROM chat.event WHERE room_id = p_room AND message_id = p_message;
            IF NOT FOUND THEN RETURN; END IF;
            a.person := e.person;
            a.request_hash := e.request_hash;
            a.first_seq := e.seq;
            a.last_seq := e.seq;
        END IF;
        IF a.person <> coalesce(p_person, 0) OR a.request_hash IS DISTINCT FROM p_hash THEN
            RETURN NEXT chat.told_refusal(p_room, 'already_exists', 'This key was used for something else.');
        ELSIF a.code IS NOT NULL THEN
            RETURN NEXT chat.told_refusal(p_room, a.code, a.words);
        ELSIF a.is_new_room THEN
            RETURN QUERY SELECT * FROM chat.told_room(a.made_room_id);
        ELSIF a.first_seq IS NOT NULL THEN
            RETURN QUERY SELECT * FROM chat.told_events(p_room, a.first_seq, a.last_seq);
        ELSE
            RETURN NEXT ROW(2::smallint, coalesce(a.made_room_id, p_room), NULL, NULL, NULL)::chat.outcome;
        END IF;
    END $$;

    -- Refuses for good: the same command gets the same answer from now on.
    CREATE FUNCTION chat.refuse(
        p_room bigint, p_message uuid, p_hash bytea, p_person bigint, p_at timestamptz, p_code text, p_words text)
    RETURNS chat.outcome LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO chat.answer (message_id, room_id, person, at, request_hash, code, words)
        VALUES (p_message, p_room, coalesce(p_person, 0), p_at, p_hash, p_code, p_words);
        RETURN chat.told_refusal(p_room, p_code, p_words);
    END $$;

    -- Makes a room. The row of chat.database is locked first, so rooms are made one after the other: two requests of
    -- a pair never race for the same direct room, whatever partition they came by.
    CREATE FUNCTION chat.decide_create(
        p_user text, p_message uuid, p_hash bytea, p_detail jsonb, p_now timestamptz, p_operators text[])
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        me bigint;
        v_kind text := p_detail->>'kind';
        v_names text[] := ARRAY(SELECT n FROM jsonb_array_elements_text(p_detail->'userIds') n WHERE n <> p_user);
        v_others bigint[];
        v_operators_only boolean := coalesce((p_detail->>'operatorsOnly')::boolean, false);
        v_room bigint;
        v_code text;
        v_words text;
    BEGIN
        SELECT person INTO me FROM chat.app_user WHERE user_id = p_user;
        v_others := ARRAY(SELECT u.person FROM unnest(v_names) WITH ORDINALITY n(user_id, place)
                          JOIN chat.app_user u USING (user_id) ORDER BY n.place);
        IF v_kind = 'direct' AND cardinality(v_names) <> 1 THEN
            v_code := 'invalid'; v_words := 'A direct room has exactly one other person.';
        ELSIF v_operators_only AND NOT (p_operators @> (v_names || p_user)) THEN
            v_code := 'forbidden'; v_words := 'Only operators make and enter such rooms.';
        ELSIF cardinality(v_others) <> cardinality(v_names) THEN
            v_code := 'not_found'; v_words := 'One of these people does not exist.';
        END IF;
        IF v_code IS NOT NULL THEN
            RETURN NEXT chat.refuse(0, p_message, p_hash, me, p_now, v_code, v_words);
            RETURN;
        END IF;
        PERFORM FROM chat.database FOR UPDATE;
        IF v_kind = 'direct' THEN
            SELECT room_id INTO v_room FROM chat.room
            WHERE direct_low = least(me, v_others[1]) AND direct_high = greatest(me, v_others[1]);
            IF FOUND THEN
                INSERT INTO chat.answer (message_id, room_id, person, at, request_hash, made_room_id, is_new_room)
                VALUES (p_message, 0, me, p_now, p_hash, v_room, false);
                RETURN NEXT ROW(2::smallint, v_room, NULL, NULL, NULL)::chat.outcome;
                RETURN;
            END IF;
        END IF;
        UPDATE chat.database SET last_room_id = last_room_id + 1 RETURNING last_room_id INTO v_room;
        INSERT INTO chat.room (room_id, last_at, created_at, operators_only, kind, room_name, first_name, first_members,
                               direct_low, direct_high)
        VALUES (v_room, p_now, p_now, v_operators_only, v_kind, p_detail->>'roomName', p_detail->>'roomName',
                me || v_others,
                CASE WHEN v_kind = 'direct' THEN least(me, v_others[1]) END,
                CASE WHEN v_kind = 'direct' THEN greatest(me, v_others[1]) END);
        INSERT INTO chat.participant (room_id, user_id, person, role, joined_at, joined_place)
        SELECT v_room, u.user_id, u.person,
               CASE WHEN m.place = 1 AND v_kind <> 'direct' THEN 'owner' ELSE 'member' END, p_now, m.place
        FROM unnest(me || v_others) WITH ORDINALITY m(person, place) JOIN chat.app_user u USING (person);
        INSERT INTO chat.answer (message_id, room_id, person, at, request_hash, made_room_id, is_new_room)
        VALUES (p_message, 0, me, p_now, p_hash, v_room, true);
        RETURN QUERY SELECT * FROM chat.told_room(v_room);
    END $$;

    -- Moves a read position: never backwards, never beyond the room's last seq. Nothing is kept for it but the
    -- position; the last move is told again with the same words, an older one as a fact that moves nothing.
    CREATE FUNCTION chat.decide_read(
        p_room chat.room, p_me chat.participant, p_message uuid, p_seq bigint, p_again boolean)
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        v_to bigint := least(p_seq, p_room.last_seq);
    BEGIN
        IF p_me.read_message_id = p_message THEN
            RETURN NEXT ROW(4::smallint, p_room.room_id, p_me.read_to, NULL, p_me.read_from::text)::chat.outcome;
        ELSIF v_to > p_me.last_read_seq THEN
            UPDATE chat.participant
            SET last_read_seq = v_to, read_message_id = p_message, read_from = p_me.last_read_seq, read_to = v_to
            WHERE room_id = p_room.room_id AND user_id = p_me.user_id;
            RETURN NEXT ROW(4::smallint, p_room.room_id, v_to, NULL, p_me.last_read_seq::text)::chat.outcome;
        ELSIF p_again THEN
            RETURN NEXT ROW(4::smallint, p_room.room_id, v_to, NULL, v_to::text)::chat.outcome;
        ELSE
            RETURN NEXT ROW(2::smallint, p_room.room_id, p_me.last_read_seq, NULL, NULL)::chat.outcome;
        END IF;
    END $$;
    """#
