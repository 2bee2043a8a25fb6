; Windows installer of medviewer. Compiled on Linux by Debian's nsis, over the folder that packaging/build.py made on
; Windows (medviewer.exe, medviewer-cli.exe, _internal):
;
;   makensis -WX -DVERSION=0.1.0 -DFOLDER=dist/medviewer -DOUT=dist/medviewer-0.1.0-setup.exe packaging/windows/medviewer.nsi
;
; The result:  setup.exe [/ALLUSERS] [/S] [/D=C:\folder]
;   without /ALLUSERS  for the present user, no administrator's rights: %LOCALAPPDATA%\Programs\medviewer
;   /ALLUSERS          for everybody, from an administrator's or the system's account: %ProgramFiles%\medviewer
;   /S                 silent.  Exit codes: 0 done, 1 cancelled, 2 not possible (rights, program running, disk).
; -DQUICK leaves the files uncompressed, -DICON=FILE.ico gives the installer its icon. Compiled and looked at, never run.

Unicode true
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS all
RequestExecutionLevel user
!ifdef QUICK
  SetCompress off
!else
  SetCompressor /SOLID lzma
!endif

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include x64.nsh

!define NAME "medviewer"
!define PROGID "medviewer.dicom"
!define CLASSES "Software\Classes"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\medviewer"

Name "${NAME} ${VERSION}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails show
ShowUninstDetails show
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME}, a viewer of clinical images. Not for diagnostic use."
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TEXT "$(WELCOME)"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString WELCOME ${LANG_ENGLISH} "This installs ${NAME} ${VERSION}, a viewer of clinical images.$\r$\n$\r$\nNot for diagnostic use."
LangString WELCOME ${LANG_SIMPCHINESE} "将安装临床影像浏览器 ${NAME} ${VERSION}。$\r$\n$\r$\n不可用于诊断。"
LangString RIGHTS ${LANG_ENGLISH} "Installing for everybody needs an administrator's account. Leave out /ALLUSERS to install for yourself."
LangString RIGHTS ${LANG_SIMPCHINESE} "为所有用户安装需要管理员帐户。去掉 /ALLUSERS 即可只为自己安装。"
LangString BITS ${LANG_ENGLISH} "${NAME} needs a 64-bit Windows."
LangString BITS ${LANG_SIMPCHINESE} "${NAME} 需要 64 位 Windows。"
LangString RUNNING ${LANG_ENGLISH} "${NAME} is running. Close it and try again; nothing was changed."
LangString RUNNING ${LANG_SIMPCHINESE} "${NAME} 正在运行。请关闭后再试；未作任何更改。"
LangString FAILED ${LANG_ENGLISH} "Not all files could be written; free some space and install again."
LangString FAILED ${LANG_SIMPCHINESE} "并非所有文件都能写入；请腾出空间后重新安装。"
LangString KEPT ${LANG_ENGLISH} "Studies, opinions, models and settings stay where they are: in each user's %LOCALAPPDATA%\medviewer, the site's settings in %ProgramData%\medviewer."
LangString KEPT ${LANG_SIMPCHINESE} "检查、意见、模型和设置保留在原处：各用户的 %LOCALAPPDATA%\medviewer，机构设置在 %ProgramData%\medviewer。"

; Says why it cannot go on, also to whoever deploys: exit code 2.
!macro Stop WORDS
  DetailPrint "${WORDS}"
  MessageBox MB_OK|MB_ICONSTOP "${WORDS}" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

; A running program holds its file open, so that it cannot be written to.
!macro NotRunning FOLDER
  ${If} ${FileExists} "${FOLDER}\medviewer.exe"
    ClearErrors
    FileOpen $1 "${FOLDER}\medviewer.exe" a
    ${If} ${Errors}
      !insertmacro Stop "$(RUNNING)"
    ${EndIf}
    FileClose $1
  ${EndIf}
!macroend

; What the installer lays, and nothing else: somebody may have put files of their own beside it.
!macro RemoveFiles FOLDER
  Delete "${FOLDER}\medviewer.exe"
  Delete "${FOLDER}\medviewer-cli.exe"
  RMDir /r "${FOLDER}\_internal"
  Delete "${FOLDER}\uninstall.exe"
  RMDir "${FOLDER}"
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
    !insertmacro Stop "$(BITS)"
  ${EndIf}
  SetRegView 64
  SetShellVarContext current
  StrCpy $0 "$LOCALAPPDATA\Programs\medviewer"
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/ALLUSERS" $R1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $R2
    ${If} $R2 != "Admin"
      !insertmacro Stop "$(RIGHTS)"
    ${EndIf}
    SetShellVarContext all
    StrCpy $0 "$PROGRAMFILES64\medviewer"
  ${EndIf}
  ${If} $INSTDIR == "" ; no /D=
    ReadRegStr $INSTDIR SHCTX "${UNINSTALL}" "InstallLocation"
  ${EndIf}
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR $0
  ${EndIf}
FunctionEnd

Section "medviewer"
  SectionIn RO
  !insertmacro NotRunning "$INSTDIR"
  ReadRegStr $R3 SHCTX "${UNINSTALL}" "InstallLocation"
  ${If} $R3 != ""
    !insertmacro NotRunning "$R3"
    !insertmacro RemoveFiles "$R3" ; of the version before, wherever it was
  ${EndIf}
  RMDir /r "$INSTDIR\_internal" ; of an installation that was cut off

  ClearErrors
  SetOutPath "$INSTDIR"
  File "${FOLDER}/medviewer.exe"
  File "${FOLDER}/medviewer-cli.exe"
  File /r "${FOLDER}/_internal"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    !insertmacro Stop "$(FAILED)"
  ${EndIf}

  CreateShortCut "$SMPROGRAMS\medviewer.lnk" "$INSTDIR\medviewer.exe" "" "$INSTDIR\medviewer.exe" 0

  ; Offered under "Open with" for .dcm and for files without ending, as DICOMDIR is one; "." is Windows' word for these.
  WriteRegStr SHCTX "${CLASSES}\${PROGID}" "" "DICOM"
  WriteRegStr SHCTX "${CLASSES}\${PROGID}\DefaultIcon" "" "$INSTDIR\medviewer.exe,0"
  WriteRegStr SHCTX "${CLASSES}\${PROGID}\shell\open\command" "" '"$INSTDIR\medviewer.exe" "%1"'
  WriteRegStr SHCTX "${CLASSES}\Applications\medviewer.exe\SupportedTypes" ".dcm" ""
  WriteRegStr SHCTX "${CLASSES}\Applications\medviewer.exe\shell\open\command" "" '"$INSTDIR\medviewer.exe" "%1"'
  WriteRegStr SHCTX "${CLASSES}\.dcm\OpenWithProgids" "${PROGID}" ""
  WriteRegStr SHCTX "${CLASSES}\.\OpenWithProgids" "${PROGID}" ""
  ReadRegStr $R4 HKCR ".dcm" "" ; what opens it now, for this user or for all
  ${If} $R4 == ""
    WriteRegStr SHCTX "${CLASSES}\.dcm" "" "${PROGID}"
  ${EndIf}
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

  ${GetSize} "$INSTDIR" "/S=0K" $R5 $R6 $R7
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\medviewer.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" $R5
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
SectionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext all
  ReadRegStr $R3 SHCTX "${UNINSTALL}" "InstallLocation"
  ${If} $R3 != $INSTDIR
    SetShellVarContext current
    ReadRegStr $R3 SHCTX "${UNINSTALL}" "InstallLocation"
    ${If} $R3 != $INSTDIR
      SetErrorLevel 2
      Quit ; not where it was installed: nothing is removed
    ${EndIf}
  ${Else}
    UserInfo::GetAccountType
    Pop $R2
    ${If} $R2 != "Admin"
      !insertmacro Stop "$(RIGHTS)"
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "Uninstall"
  !insertmacro NotRunning "$INSTDIR"
  !insertmacro RemoveFiles "$INSTDIR"
  Delete "$SMPROGRAMS\medviewer.lnk"
  ReadRegStr $R4 SHCTX "${CLASSES}\.dcm" ""
  ${If} $R4 == "${PROGID}"
    DeleteRegValue SHCTX "${CLASSES}\.dcm" ""
  ${EndIf}
  DeleteRegValue SHCTX "${CLASSES}\.dcm\OpenWithProgids" "${PROGID}"
  DeleteRegValue SHCTX "${CLASSES}\.\OpenWithProgids" "${PROGID}"
  DeleteRegKey SHCTX "${CLASSES}\Applications\medviewer.exe"
  DeleteRegKey SHCTX "${CLASSES}\${PROGID}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  DeleteRegKey SHCTX "${UNINSTALL}"
  DetailPrint "$(KEPT)"
  MessageBox MB_OK|MB_ICONINFORMATION "$(KEPT)" /SD IDOK
SectionEnd
