# syntax=docker/dockerfile:1
# Images of the silo (the default), the API with the migration, and the two simulators:
#   docker build -f orleans-silo.Dockerfile -t campaigns-silo .
#   docker build -f orleans-silo.Dockerfile --target api -t campaigns-api .
# It needs package sources that have the Microsoft.Orleans packages.
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
WORKDIR /source
# Silos in containers are a cluster; without the packages the build fails here, and does not fall back to a stand-in that cannot be one.
ENV OrleansEngine=packages DOTNET_CLI_TELEMETRY_OPTOUT=1
COPY . .
ARG PUBLISH="-c Release --nologo -p:UseAppHost=false -p:DebugType=embedded"
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Campaigns.Silo ${PUBLISH} -o /out/silo \
 && dotnet publish src/Campaigns.Api ${PUBLISH} -o /out/api \
 && dotnet publish samples/CarrierSimulator ${PUBLISH} -o /out/carrier \
 && dotnet publish samples/LiveModelSimulator ${PUBLISH} -o /out/model

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET} AS base
WORKDIR /app
# A named volume takes the owner of the folder that it is first mounted over.
RUN mkdir /recordings && chown ${APP_UID}:${APP_UID} /recordings
USER ${APP_UID}
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
EXPOSE 8080

FROM base AS carrier
COPY --from=build /out/carrier .
ENTRYPOINT ["dotnet", "CarrierSimulator.dll", "--any-address", "--port", "8080"]

FROM base AS model
COPY --from=build /out/model .
ENTRYPOINT ["dotnet", "LiveModelSimulator.dll", "--any-address", "--port", "8080"]

FROM base AS host
# The image has no curl; its bash can ask by itself.
HEALTHCHECK --interval=5s --timeout=5s --start-period=90s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]

FROM host AS api
COPY --from=build /out/api .
ENTRYPOINT ["dotnet", "Campaigns.Api.dll"]

FROM host AS silo
COPY --from=build /out/silo .
# Between silos, and from APIs to silos.
EXPOSE 11111 30000
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Campaigns.Silo.dll"]
