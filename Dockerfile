# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY eng/ eng/
COPY src/ src/
RUN dotnet publish src/PromptCache.Gateway -c Release -o /app --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# Beyond loopback inside the container: the sidecar's network is the pod. Configure Tenants when it is reachable from elsewhere.
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 \
    DOTNET_gcServer=0
EXPOSE 8080
USER $APP_UID
# The image has no curl: the program asks itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["dotnet", "/app/PromptCache.Gateway.dll", "health"]
ENTRYPOINT ["dotnet", "/app/PromptCache.Gateway.dll"]
CMD ["serve"]
