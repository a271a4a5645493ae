"""The service of catalog.proto, and a client of it that speaks gRPC.

catalog.py serve <folder of the generated code> <address>
catalog.py get <folder of the generated code> <address> <id> [<authority>]
"""

import sys
from concurrent import futures

command, folder, address, *rest = sys.argv[1:]
sys.path.insert(0, folder)

import catalog_pb2 as messages  # noqa: E402
import catalog_pb2_grpc as stubs  # noqa: E402
import grpc  # noqa: E402


class Catalog(stubs.CatalogServicer):
    def GetItem(self, request, context):
        if request.id == "missing":
            context.abort(grpc.StatusCode.NOT_FOUND, "no such item")
        if request.id == "secret":
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "not for you")
        return messages.Item(id=request.id, display_name="A thing", price=7, currency=request.currency)

    def CreateItem(self, request, context):
        return request.item

    def ListItems(self, request, context):
        for number in range(request.count):
            yield messages.Item(id=str(number))

    def DeleteItem(self, request, context):
        return messages.Item(id=request.id)


if command == "serve":
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    stubs.add_CatalogServicer_to_server(Catalog(), server)
    server.add_insecure_port(address)
    server.start()
    server.wait_for_termination()
else:
    options = [("grpc.default_authority", rest[1])] if len(rest) > 1 else []
    with grpc.insecure_channel(address, options=options) as channel:
        item = stubs.CatalogStub(channel).GetItem(messages.GetItemRequest(id=rest[0], currency="EUR"), timeout=10)
    print(f"{item.id} {item.display_name} {item.price} {item.currency}")
