@echo off
rem Install without a network, or bring an installation to this version:  install.bat [FOLDER]
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
set "TARGET=%~1"
if "%TARGET%"=="" set "TARGET=%USERPROFILE%\rectify"
set /p VERSION=<"%HERE%VERSION"

set "PY="
for %%V in (3.11 3.13) do if not defined PY py -%%V -c "import venv, ensurepip" >nul 2>nul && set "PY=py -%%V"
if not defined PY (
  echo 没有找到 Python 3.11 或 3.13，请先安装（安装时勾选 py launcher）。
  echo No Python 3.11 or 3.13 was found: install one of them, with the py launcher.
  exit /b 1
)
%PY% "%HERE%check.py" || (
  echo 安装包已损坏或被改动（见上面的文件名），没有安装。 / The archive is damaged, nothing was installed.
  exit /b 1
)

set "RELEASE=%TARGET%\releases\%VERSION%"
set "PYTHONUTF8=1"
set "PIP_CONFIG_FILE=NUL"
set "TRACKER_DATA_DIR=%TARGET%\data"
if not exist "%TARGET%\data" mkdir "%TARGET%\data"
if not exist "%TARGET%\backups" mkdir "%TARGET%\backups"
if exist "%RELEASE%\VERSION" goto database
if exist "%RELEASE%" rmdir /s /q "%RELEASE%"
xcopy /e /i /q /y "%HERE%program" "%RELEASE%" >nul || goto failed
%PY% -m venv "%RELEASE%\.venv" || goto failed
"%RELEASE%\.venv\Scripts\python.exe" -m pip --isolated install --quiet --disable-pip-version-check --no-index ^
  --find-links "%HERE%wheels" --only-binary :all: --require-hashes --requirement "%RELEASE%\requirements.lock" || goto failed
copy /y "%HERE%VERSION" "%RELEASE%\VERSION" >nul || goto failed

:database
if not exist "%TARGET%\current.txt" goto upgrade
set /p OLD=<"%TARGET%\current.txt"
if "%OLD%"=="%VERSION%" goto upgrade
cd /d "%TARGET%\releases\%OLD%" || goto failed
.venv\Scripts\python.exe -m flask --app wsgi backup "%TARGET%\backups\before-%VERSION%-%RANDOM%.backup" || goto failed

:upgrade
cd /d "%RELEASE%" || goto failed
.venv\Scripts\python.exe -m flask --app wsgi db upgrade || goto failed
>"%TARGET%\current.txt" echo %VERSION%
copy /y "%HERE%start.bat" "%TARGET%\start.bat" >nul || goto failed
echo 安装完成 / installed: %VERSION%
echo 启动 / start: %TARGET%\start.bat
exit /b 0

:failed
echo 没有安装成功，原因见上；原有版本没有改动。 / Not installed, see above; what there was is as it was.
exit /b 1
