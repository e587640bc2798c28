extension Migration {
    /// Rooms; why is said in its comments.
    static let number3 = Migration(number: 3, name: "rooms", sql: roomsSQL)
}

private let roomsSQL = #"""
    -- Commands about rooms and members, row by row: first who may, then what happens.

    -- One event more in the room; the room's row is written by who calls, once.
    CREATE FUNCTION chat.emit(
        INOUT r chat.room, p_type text, p_person bigint, p_message uuid, p_target bigint DEFAULT NULL,
        p_role text DEFAULT NULL, p_hash bytea DEFAULT NULL, p_body text DEFAULT NULL, p_reply bigint DEFAULT NULL,
        p_mentions bigint[] DEFAULT NULL)
    LANGUAGE plpgsql AS $$
    BEGIN
        r.last_seq := r.last_seq + 1;
        IF p_type = 'MESSAGE' THEN r.last_message_seq := r.last_seq; END IF;
        INSERT INTO chat.event (room_id, seq, created_at, person, message_id, type, body, reply_to, mentions,
                                request_hash, target_person, role)
        VALUES (r.room_id, r.last_seq, r.last_at, p_person, p_message, p_type, p_body, p_reply, p_mentions, p_hash,
                p_target, p_role);
    END $$;

    -- Who comes in: the event and the row.
    CREATE FUNCTION chat.emit_join(INOUT r chat.room, p_person bigint, p_message uuid, p_target bigint, p_hash bytea)
    LANGUAGE plpgsql AS $$
    BEGIN
        r := chat.emit(r, 'JOIN', p_person, p_message, p_target, p_hash => p_hash);
        INSERT INTO chat.participant (room_id, user_id, person, role, last_read_seq, joined_at, joined_seq)
        SELECT r.room_id, user_id, person, 'member', r.last_seq, r.last_at, r.last_seq
        FROM chat.app_user WHERE person = p_target;
    END $$;

    -- Writes the room's row, keeps where the events of the command stand if they are several, and tells them.
    CREATE FUNCTION chat.finish(
        r chat.room, p_message uuid, p_hash bytea, p_person bigint, p_first bigint, p_command bigint)
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE chat.room SET last_seq = r.last_seq, last_message_seq = r.last_message_seq, last_at = r.last_at,
                             closed_at = r.closed_at
        WHERE room_id = r.room_id;
        IF r.last_seq <> p_first OR p_command <> p_first THEN
            INSERT INTO chat.answer (message_id, room_id, person, at, request_hash, first_seq, last_seq)
            VALUES (p_message, r.room_id, p_person, r.last_at, p_hash, p_first, r.last_seq);
        END IF;
        RETURN QUERY SELECT * FROM chat.told_events(r.room_id, p_first, r.last_seq);
    END $$;

    -- The command changes nothing; the same is said to it again.
    CREATE FUNCTION chat.unchanged(r chat.room, p_message uuid, p_hash bytea, p_person bigint, p_at timestamptz)
    RETURNS chat.outcome LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO chat.answer (message_id, room_id, person, at, request_hash)
        VALUES (p_message, r.room_id, p_person, p_at, p_hash);
        RETURN ROW(2::smallint, r.room_id, NULL, NULL, NULL)::chat.outcome;
    END $$;

    -- Says something. p_role: what the speaker is in the room, null for somebody who is not in it.
    CREATE FUNCTION chat.decide_send(
        r chat.room, p_person bigint, p_user text, p_role text, p_muted_until timestamptz, p_operator boolean,
        p_message uuid, p_hash bytea, p_body text, p_reply bigint, p_names text[])
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        v_first bigint := r.last_seq + 1;
        v_mentions bigint[];
        v_code text;
        v_words text;
    BEGIN
        IF p_names IS NOT NULL THEN
            v_mentions := ARRAY(SELECT u.person FROM unnest(p_names) WITH ORDINALITY n(user_id, place)
                                JOIN chat.app_user u USING (user_id) ORDER BY n.place);
        END IF;
        IF p_role IS NULL AND r.kind <> 'open' AND NOT (p_operator AND r.kind <> 'direct') THEN
            v_code := 'not_a_member'; v_words := 'You are not a member of this room.';
        ELSIF r.kind = 'announce' AND NOT p_operator AND coalesce(p_role, '') NOT IN ('owner', 'admin') THEN
            v_code := 'forbidden'; v_words := 'Only its owner and admins write in this room.';
        ELSIF p_muted_until > r.last_at AND NOT p_operator THEN
            v_code := 'forbidden'; v_words := 'You are muted in this room.';
        ELSIF p_reply NOT BETWEEN 1 AND r.last_seq THEN
            v_code := 'invalid'; v_words := 'replyTo is no seq of this room.';
        ELSIF cardinality(v_mentions) <> cardinality(p_names) THEN
            v_code := 'not_found'; v_words := 'Somebody who is mentioned does not exist.';
        END IF;
        IF v_code IS NOT NULL THEN
            RETURN NEXT chat.refuse(r.room_id, p_message, p_hash, p_person, r.last_at, v_code, v_words);
            RETURN;
        END IF;
        IF p_role IS NULL AND r.kind = 'open' THEN
            r := chat.emit_join(r, p_person, chat.derived_id(p_message, 1), p_person, NULL);
        END IF;
        r := chat.emit(r, 'MESSAGE', p_person, p_message, p_hash => p_hash, p_body => p_body, p_reply => p_reply,
                       p_mentions => v_mentions);
        UPDATE chat.participant SET last_read_seq = r.last_seq WHERE room_id = r.room_id AND user_id = p_user;
        RETURN QUERY SELECT * FROM chat.finish(r, p_message, p_hash, p_person, v_first, r.last_seq);
    END $$;

    -- Brings people in.
    CREATE FUNCTION chat.decide_add(
        r chat.room, p_person bigint, p_user text, p_role text, p_operator boolean, p_message uuid, p_hash bytea,
        p_names text[], p_operators text[])
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        v_first bigint := r.last_seq + 1;
        v_known bigint[];
        v_fresh bigint[];
        v_place integer := 0;
        v_target bigint;
        v_code text;
        v_words text;
    BEGIN
        v_known := ARRAY(SELECT u.person FROM unnest(p_names) WITH ORDINALITY n(user_id, place)
                         JOIN chat.app_user u USING (user_id) ORDER BY n.place);
        IF p_role IS NULL AND r.kind <> 'open' AND NOT (p_operator AND r.kind <> 'direct') THEN
            v_code := 'not_a_member'; v_words := 'You are not a member of this room.';
        ELSIF r.kind = 'direct' THEN
            v_code := 'forbidden'; v_words := 'Nobody else comes into a direct room.';
        ELSIF r.kind = 'open' AND p_names <> ARRAY[p_user] AND NOT p_operator THEN
            v_code := 'forbidden'; v_words := 'Everybody enters an open room by themselves.';
        ELSIF r.kind = 'announce' AND NOT p_operator AND p_role NOT IN ('owner', 'admin') THEN
            v_code := 'forbidden'; v_words := 'Only its owner and admins invite to this room.';
        ELSIF r.operators_only AND NOT (p_operators @> p_names) THEN
            v_code := 'forbidden'; v_words := 'Only operators enter this room.';
        ELSIF cardinality(v_known) <> cardinality(p_names) THEN
            v_code := 'not_found'; v_words := 'One of these people does not exist.';
        END IF;
        IF v_code IS NOT NULL THEN
            RETURN NEXT chat.refuse(r.room_id, p_message, p_hash, p_person, r.last_at, v_code, v_words);
            RETURN;
        END IF;
        v_fresh := ARRAY(SELECT k.person FROM unnest(v_known) WITH ORDINALITY k(person, place)
                         WHERE NOT EXISTS (SELECT FROM chat.participant p JOIN chat.app_user u USING (user_id)
                                           WHERE p.room_id = r.room_id AND u.person = k.person)
                         ORDER BY k.place);
        IF cardinality(v_fresh) = 0 THEN
            RETURN NEXT chat.unchanged(r, p_message, p_hash, p_person, r.last_at);
            RETURN;
        END IF;
        FOREACH v_target IN ARRAY v_fresh LOOP
            IF v_place = 0 THEN
                r := chat.emit_join(r, p_person, p_message, v_target, p_hash);
            ELSE
                r := chat.emit_join(r, p_person, chat.derived_id(p_message, v_place), v_target, NULL);
            END IF;
            v_place := v_place + 1;
        END LOOP;
        RETURN QUERY SELECT * FROM chat.finish(r, p_message, p_hash, p_person, v_first, v_first);
    END $$;

    -- Takes somebody out, or leaves. The owner's place passes to the oldest admin, else member; the last one closes
    -- the room.
    CREATE FUNCTION chat.decide_remove(
        r chat.room, p_person bigint, p_user text, p_role text, p_operator boolean, p_message uuid, p_hash bytea,
        p_target text)
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        v_first bigint := r.last_seq + 1;
        t chat.participant;
        v_heir chat.participant;
        v_code text;
        v_words text;
    BEGIN
        SELECT * INTO t FROM chat.participant WHERE room_id = r.room_id AND user_id = p_target;
        IF p_role IS NULL AND NOT (p_operator AND r.kind <> 'direct') THEN
            v_code := 'not_a_member'; v_words := 'You are not a member of this room.';
        ELSIF r.kind = 'direct' THEN
            v_code := 'forbidden'; v_words := 'Nobody leaves a direct room.';
        ELSIF t.room_id IS NULL AND (p_operator OR p_role IN ('owner', 'admin')) THEN
            v_code := 'not_found'; v_words := 'This person is not in the room.';
        ELSIF p_target <> p_user AND NOT p_operator AND p_role <> 'owner'
            AND NOT (p_role = 'admin' AND t.role = 'member')
        THEN
            v_code := 'forbidden'; v_words := 'Your role in this room does not allow it.';
        END IF;
        IF v_code IS NOT NULL THEN
            RETURN NEXT chat.refuse(r.room_id, p_message, p_hash, p_person, r.last_at, v_code, v_words);
            RETURN;
        END IF;
        r := chat.emit(r, 'LEAVE', p_person, p_message, t.person, p_hash => p_hash);
        DELETE FROM chat.participant WHERE room_id = r.room_id AND user_id = p_target;
        SELECT * INTO v_heir FROM chat.participant WHERE room_id = r.room_id
        ORDER BY role = 'owner' DESC, role = 'admin' DESC, joined_seq, joined_place LIMIT 1;
        IF NOT FOUND THEN
            r := chat.emit(r, 'CLOSE', p_person, chat.derived_id(p_message, 1));
            r.closed_at := r.last_at;
        ELSIF v_heir.role <> 'owner' THEN
            r := chat.emit(r, 'ROLE', p_person, chat.derived_id(p_message, 1), v_heir.person, 'owner');
            UPDATE chat.participant SET role = 'owner' WHERE room_id = r.room_id AND user_id = v_heir.user_id;
        END IF;
        RETURN QUERY SELECT * FROM chat.finish(r, p_message, p_hash, p_person, v_first, v_first);
    END $$;

    -- Gives a role; giving `owner` away makes the giver admin.
    CREATE FUNCTION chat.decide_role(
        r chat.room, p_person bigint, p_role text, p_operator boolean, p_message uuid, p_hash bytea, p_target text,
        p_new text)
    RETURNS SETOF chat.outcome LANGUAGE plpgsql AS $$
    DECLARE
        v_first bigint := r.last_seq + 1;
        t chat.participant;
        v_owner chat.participant;
        v_code text;
        v_words text;
    BEGIN
        SELECT * INTO t FROM chat.participant WHERE room_id = r.room_id AND user_id = p_target;
        IF p_role IS NULL AND NOT (p_operator AND r.kind <> 'direct') THEN
            v_code := 'not_a_member'; v_words := 'You are not a member of this room.';
        ELSIF r.kind = 'direct' OR NOT (p_operator OR p_role = 'owner') THEN
            v_code := 'forbidden'; v_words := 'Only its owner gives roles in this room.';
        ELSIF t.room_id IS NULL THEN
            v_code := 'not_found'; v_words := 'This person is not in the room.';
        ELSIF t.role = 'owner' AND p_new <> 'owner' THEN
            v_code := 'invalid'; v_words := 'A room has an owner: give "owner" to somebody else.';
        END IF;
        IF v_code IS NOT NULL THEN
            RETURN NEXT chat.refuse(r.room_id, p_message, p_hash, p_person, r.last_at, v_code, v_words);
            RETURN;
        END IF;
        IF t.role = p_new THEN
            RETURN NEXT chat.unchanged(r, p_message, p_hash, p_person, r.last_at);
            RETURN;
        END IF;
        IF p_new = 'owner' THEN
            SELECT * INTO v_owner FROM chat.participant WHERE room_id = r.room_id AND role = 'owner';
        END IF;
        r := chat.emit(r, 'ROLE', p_person, p_message, t.person, p_new, p_hash => p_hash);
        UPDATE chat.participant SET role = p_new WHERE room_id = r.room_id AND user_id = p_target;
        IF v_owner.room_id IS NOT NULL THEN
            r := chat.emit(r, 'ROLE', p_person, chat.derived_id(p_message, 1), v_owner.person, 'admin');
            UPDATE chat.participant SET role = 'admin' WHERE room_id = r.room_id AND user_id = v_owner.user_id;
        END IF;
        RETURN QUERY SELECT * FROM chat.finish(r, p_message, p_hash, p_person, v_first, v_first);
    END $$;
    """#
