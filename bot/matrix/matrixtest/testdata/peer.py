#!/usr/bin/python3
"""An independent client with encryption (matrix-nio on libolm), told what to
do by JSON lines and telling what it sees as JSON lines.

peer.py HOMESERVER USER PASSWORD STORE

  {"do": "send", "room": R, "body": B, "content": {…more of the content}}
  {"do": "forget"}   discards the keys of the rooms, so that new ones are made
  {"do": "learn", "user": U}   asks for the devices of a user
"""
import asyncio, json, os, sys
import nio


def tell(**what):
    print(json.dumps(what), flush=True)


async def main(homeserver, user, password, store):
    config = nio.AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True)
    client = nio.AsyncClient(homeserver, user, store_path=store, config=config)
    answer = await client.login(password)
    if isinstance(answer, nio.LoginError):
        tell(event="failed", why=str(answer))
        return

    async def message(room, event):
        tell(event="message", room=room.room_id, id=event.event_id, sender=event.sender, body=event.body,
             encrypted=event.decrypted, content=event.source.get("content", {}))

    async def picture(room, event):
        content = event.source["content"]
        got = await client.download(content["file"]["url"])
        from nio.crypto.attachments import decrypt_attachment
        f = content["file"]
        plain = decrypt_attachment(got.body, f["key"]["k"], f["hashes"]["sha256"], f["iv"])
        path = os.path.join(store, "picture-%d" % abs(hash(event.event_id)))
        with open(path, "wb") as out:
            out.write(plain)
        tell(event="picture", file=path, room=room.room_id, id=event.event_id, sender=event.sender, body=event.body,
             encrypted=event.decrypted, bytes=len(plain), head=plain[:8].hex(), content={k: v for k, v in content.items() if k != "file"})

    unread = []

    async def unreadable(room, event):
        unread.append((room, event))
        tell(event="unreadable", room=room.room_id, id=event.event_id, sender=event.sender)

    async def try_again():  # as clients do when a key comes after its message
        for room, event in list(unread):
            try:
                plain = client.decrypt_event(event)
            except nio.EncryptionError:
                continue
            unread.remove((room, event))
            if isinstance(plain, (nio.RoomMessageText, nio.RoomMessageNotice)):
                await message(room, plain)
            elif isinstance(plain, nio.RoomEncryptedImage):
                await picture(room, plain)

    client.add_event_callback(message, nio.RoomMessageText)
    client.add_event_callback(message, nio.RoomMessageNotice)
    client.add_event_callback(picture, nio.RoomEncryptedImage)
    client.add_event_callback(unreadable, nio.MegolmEvent)

    async def invited(room, event):
        await client.join(room.room_id)

    client.add_event_callback(invited, nio.InviteMemberEvent)
    await client.sync(timeout=0, full_state=True)
    await client.keys_upload()
    tell(event="ready", user=client.user_id, device=client.device_id)

    async def listen():
        while True:
            await client.sync(timeout=5000)
            if client.should_upload_keys:
                await client.keys_upload()
            if client.should_query_keys:
                await client.keys_query()
            await try_again()

    listening = asyncio.ensure_future(listen())
    reader = asyncio.StreamReader()
    await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        try:
            if order["do"] == "send":
                while order["room"] not in client.rooms:  # the sync brings it
                    await asyncio.sleep(0.05)
                await client.joined_members(order["room"])
                for user in client.rooms[order["room"]].users:
                    if not list(client.device_store.active_user_devices(user)):
                        client.olm.users_for_key_query.add(user)
                if client.should_query_keys:
                    await client.keys_query()
                content = {"msgtype": "m.text", "body": order["body"], **order.get("content", {})}
                sent = await client.room_send(order["room"], "m.room.message", content, ignore_unverified_devices=True)
                tell(event="sent", id=getattr(sent, "event_id", ""), why=getattr(sent, "message", ""))
            elif order["do"] == "learn":
                client.olm.users_for_key_query.add(order["user"])
                await client.keys_query()
                tell(event="learned")
            elif order["do"] == "forget":
                client.olm.outbound_group_sessions.clear()
                tell(event="forgotten")
        except Exception as e:  # told, not hidden
            tell(event="failed", why=repr(e))
    listening.cancel()
    await client.close()


asyncio.run(main(*sys.argv[1:]))
